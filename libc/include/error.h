/* Messages of programs about what went wrong, as GNU programs print them. */
#ifndef _ERROR_H
#define _ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

extern void (*error_print_progname)(void); /* called instead of printing the program's name */
extern unsigned int error_message_count;
extern int error_one_per_line; /* error_at_line() is quiet about the line that it was last called for */

/* Ends the program unless `status` is 0; `code` is an errno, 0: no reason is printed. */
void error(int status, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));
void error_at_line(int status, int code, const char *file, unsigned line, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#ifdef __cplusplus
}
#endif

#endif
