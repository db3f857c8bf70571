/* Inside of a stream, and what the files of this folder share.
 *
 *   IDLE  --first read-->  READING: bytes [rpos, rend) are read ahead of the program
 *   IDLE  --first write->  WRITING: bytes [buffer, wpos) wait to be written, [wpos, wend) is room
 *   READING --write: the read-ahead is given back by a seek--> WRITING --read, seek: written out--> ...
 *
 * Both pairs of pointers are NULL in the states where they mean nothing, so that getc and putc look at
 * one pair only. A stream that is line buffered or not buffered has wend == wpos: each byte comes to
 * stream_overflow(). UNGET bytes before `buffer` belong to the stream too. */
#ifndef LIBC_STREAM_H
#define LIBC_STREAM_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>
#include <wchar.h>

#define UNGET 8
#define DEFAULT_BUFFER 4096

enum stream_flag {
    STREAM_EOF = 1,
    STREAM_ERROR = 2,
    STREAM_READABLE = 4,
    STREAM_WRITABLE = 8,
    STREAM_APPEND = 16,
    STREAM_LINES = 32,      /* written out at each end of line */
    STREAM_UNBUFFERED = 64,
    STREAM_ASK_TTY = 128,   /* STREAM_LINES is decided when something is first written */
    STREAM_OWN_BUFFER = 256, /* `buffer` was allocated by setvbuf() */
    STREAM_STATIC = 512,     /* a standard stream: never freed */
    STREAM_UTF8 = 1024,      /* wide characters are UTF-8 in it, whatever the locale */
};

struct stream_ops {
    ssize_t (*read)(FILE *f, void *to, size_t n);        /* 0: end of file; -1 with errno */
    ssize_t (*write)(FILE *f, const void *from, size_t n); /* part of it, or -1 with errno */
    off_t (*seek)(FILE *f, off_t offset, int whence);      /* the new offset, or -1 with errno */
    int (*close)(FILE *f);                                 /* 0, or -1 with errno */
};

struct __file {
    unsigned char *rpos, *rend;
    unsigned char *wpos, *wend;
    unsigned char *buffer;
    size_t size; /* of the buffer, at least 1 */
    unsigned flags;
    int fd; /* -1: none */
    const struct stream_ops *ops;

    struct __file *next, *prev;
    int orientation; /* 0 undecided, < 0 bytes, > 0 wide characters */
    mbstate_t state; /* of a character of which a part has been read */
    unsigned char *first_buffer; /* what it had from the start, and its size */
    size_t first_size;
};

extern const struct stream_ops stream_fd_ops;

/* A new stream with `extra` bytes behind it and a buffer, in the list of all; NULL: ENOMEM. */
FILE *stream_new(const struct stream_ops *ops, unsigned flags, size_t extra);
/* Its extra bytes. */
void *stream_extra(FILE *f);
/* Take it out of the list and free it. */
void stream_delete(FILE *f);

/* "r", "w", "a" with "+", "b", "x", "e" => flags of open(), or -1 with EINVAL. */
int stream_mode(const char *mode);
unsigned stream_flags(int open_flags);

/* Ready to read: => 0, or EOF with STREAM_ERROR and errno. */
int stream_to_read(FILE *f);
int stream_to_write(FILE *f);
/* Read at least a byte into the empty buffer. => 0, or EOF with its flag set. */
int stream_fill(FILE *f);
/* Write out what waits. => 0, or EOF; what could not be written still waits. */
int stream_flush(FILE *f);
/* Flush, give read-ahead back, be idle. => 0 or EOF */
int stream_settle(FILE *f);
/* Put a byte for which there is no room. => it, or EOF */
int stream_overflow(FILE *f, unsigned char c);
/* => how many bytes were taken */
size_t stream_write(FILE *f, const void *from, size_t n);

void stdio_each(void (*visit)(FILE *f));

#endif
