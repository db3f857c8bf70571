/* The state of a shell, and how its parts call each other. */
#ifndef APPS_SH_SHELL_H
#define APPS_SH_SHELL_H

#include <stdbool.h>
#include <sys/types.h>

#include "apps/sh/alias.h"
#include "apps/sh/ast.h"
#include "apps/sh/glob.h"
#include "apps/sh/source.h"
#include "apps/sh/vars.h"

#define STATUS_MISUSE 2
#define STATUS_NOT_EXECUTABLE 126
#define STATUS_NOT_FOUND 127
#define STATUS_SIGNAL 128 /* + its number */

/* Why commands are being skipped. */
enum jump { JUMP_NONE, JUMP_BREAK, JUMP_CONTINUE, JUMP_RETURN, JUMP_ABORT };

struct function {
    struct function *next;
    char *name;
    const struct node *body;
    struct arena *arena; /* the body's; held */
};

struct job {
    struct job *next;
    int number;
    pid_t group; /* 0 without job control */
    pid_t last;  /* its status is the job's */
    int left;    /* processes not ended yet */
    int status;  /* of `last`, as wait() gave it */
    bool stopped, foreground;
    bool changed; /* since somebody was told */
    char *text;
    int count;
    pid_t pids[]; /* 0: ended */
};

struct keyboard;

struct shell {
    struct vars vars;
    struct params params;
    const char *name;      /* $0 */
    int status;            /* $? */
    pid_t pid;             /* $$, in subshells too */
    pid_t last_background; /* $! */
    unsigned line;         /* $LINENO */
    bool interactive, reads_stdin; /* $- says so: i, s */
    bool notify, noclobber, errexit, noglob, hashall, ignoreeof, job_control, noexec,
        nolog, nounset, verbose, xtrace; /* options of `set` */
    bool is_child; /* forked off: ends without ceremony */
    int unchecked; /* depth of conditions: `set -e` doesn't apply */
    enum jump jump;
    int jump_levels;    /* loops to leave yet */
    int loops, calls;   /* depth of loops and functions */
    struct arena *tree; /* where the command being run lives */
    struct function *functions;
    struct aliases aliases;
    struct job *jobs;
    pid_t group;      /* the shell's own process group */
    int terminal;     /* a descriptor of it, with job control */
    struct keyboard *keyboard; /* the line editor, or NULL */
    int captured;     /* status of the last $(...) of the command being expanded */
    bool interrupted; /* ^C while a command was being typed */
    bool failed;      /* an expansion or redirection failed; the message is out */
};

/* main.c */
/* Say what went wrong, with the shell's name in front. */
void shell_complain(struct shell *shell, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Print to a descriptor, past all buffers. */
void shell_tell(int fd, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Run everything in `source`. => the last status. */
int shell_run_source(struct shell *shell, struct source *source);
int shell_run_text(struct shell *shell, const char *text);
/* Run a file's commands in this shell. => false: it can't be read. */
bool shell_run_file(struct shell *shell, const char *path);
/* End of the shell or of a subshell, the EXIT trap included. */
_Noreturn void shell_exit(struct shell *shell, int status);

/* exec.c */
int exec_node(struct shell *shell, const struct node *node);
/* Run it as the last thing that this shell does: it may end in becoming a program. */
int exec_last(struct shell *shell, const struct node *node);
/* In a process of its own: run `node` and end. */
_Noreturn void exec_in_child(struct shell *shell, const struct node *node);
/* Run argv as a command: builtin, or (if `functions`) function, or program (path: as run_find). */
int exec_argv(struct shell *shell, struct strings *argv, bool functions, const char *path);
/* `set -e`: a failure that nobody looks at ends the shell. => status. */
int exec_check_errexit(struct shell *shell, int status);

/* process.c */
int exec_pipe(struct shell *shell, const struct node *node);
int exec_background(struct shell *shell, const struct node *node);
int exec_subshell(struct shell *shell, const struct node *node);
/* All that $(list) prints, without the newlines at its end. */
char *exec_capture(struct shell *shell, const struct node *list, struct arena *arena);

/* function.c */
struct function *function_find(struct shell *shell, const char *name);
void function_define(struct shell *shell, const char *name, const struct node *body);
int function_call(struct shell *shell, struct function *function, int argc, char **argv);
void function_unset(struct shell *shell, const char *name);
void functions_free(struct shell *shell);

/* run.c: programs */
/* Become the program argv[0]. Comes back never. */
_Noreturn void run_program(struct shell *shell, char **argv, char **environment);
/* The same with a place to look for it in place of PATH. */
_Noreturn void run_program_in(struct shell *shell, const char *path, char **argv,
                              char **environment);
/* The path of the program that `name` stands for, in `arena`, or NULL. path: where to look in place of
 * PATH, or NULL. */
#define STANDARD_PATH "/bin:/usr/bin"
char *run_find(struct shell *shell, const char *name, const char *path, struct arena *arena);

/* expand.c. All results are in `arena`; shell->failed tells of an error. */
void expand_fields(struct shell *shell, struct strings *fields, const struct word *word);
/* One string: no splitting, no file names. */
char *expand_string(struct shell *shell, struct arena *arena, const struct word *word);
/* The same for a value being assigned: ~ also stands for the home directory after a colon. */
char *expand_assigned(struct shell *shell, struct arena *arena, const struct word *word);
/* As a pattern: characters that were quoted get a backslash. */
char *expand_pattern(struct shell *shell, struct arena *arena, const struct word *word);

/* Parameters, commands and arithmetic in a text that is no script ($PS1, $ENV); an error in it leaves
 * it as it is. */
char *expand_text(struct shell *shell, struct arena *arena, const char *text);

/* arith.c: value of an expression whose parameters have been expanded. */
long arith_value(struct shell *shell, const char *text);

/* redir.c */
struct saved_fds;
/* What stands behind the operators, expanded, in `arena`; NULL after an error. */
char **redir_targets(struct shell *shell, const struct redir *redirs, struct arena *arena);
bool redir_apply_to(struct shell *shell, const struct redir *redirs, char **targets,
                    struct arena *arena, struct saved_fds **saved);
/* Apply redirections in order; with `saved`, remember what they covered. => false after an error.
 */
bool redir_apply(struct shell *shell, const struct redir *redirs, struct arena *arena,
                 struct saved_fds **saved);
void redir_restore(struct saved_fds *saved);
/* `fd` where redirections don't reach it, closed in programs. */
int redir_move_away(int fd);

/* job.c */
struct job *job_new(struct shell *shell, int count, const char *text, bool foreground);
/* Fork a process of the job. => 0 in the child, which has its group and default signals. */
pid_t job_fork(struct shell *shell, struct job *job);
/* Until the foreground job ended or stopped. => its status for $?. */
int job_wait(struct shell *shell, struct job *job);
/* Until that child of a background job ended. => status, 127 if unknown, > 128 if a signal came. */
int job_wait_pid(struct shell *shell, pid_t pid);
/* => 0, or > 128 if a signal came. */
int job_wait_all(struct shell *shell);
/* Take note of children that ended; tell about jobs that changed, if interactive. */
void job_poll(struct shell *shell);
void job_print(struct shell *shell, const struct job *job);
/* Job by number, 0 for the current one. NULL. */
struct job *job_find(struct shell *shell, int number);
/* => its status if it runs in the foreground, else 0. */
int job_continue(struct shell *shell, struct job *job, bool foreground);
void job_forget_all(struct shell *shell);
void job_control_start(struct shell *shell);
void job_control_stop(struct shell *shell);

/* trap.c */
bool trap_set(struct shell *shell, int signal, const char *action);
const char *trap_action(int signal);
/* Was it ignored when the shell began? A script can't change that. Asked first while it is still so. */
bool trap_was_ignored(int signal);
/* What `trap` shows: in a subshell that set none of its own, its parent's. */
const char *trap_listed(int signal);
/* Is there any action? */
bool trap_is_set(void);
/* Run actions of signals that came. */
void trap_run_pending(struct shell *shell);
void trap_run_exit(struct shell *shell);
/* A signal that came and whose action did not run yet; 0. */
int trap_pending_signal(void);
/* Wait until `fd` can be read, a signal came that has to be looked at first, or (told once) the
 * terminal's size has changed. */
enum wait { WAIT_READABLE, WAIT_SIGNAL, WAIT_RESIZED };
enum wait trap_wait_readable(int fd);
/* Signals as an interactive shell wants them; as one with or without job control does. */
void trap_start_interactive(struct shell *shell);
void trap_set_job_signals(struct shell *shell);
/* In a child: actions are forgotten. */
void trap_reset(void);

/* builtin.c */
struct builtin {
    const char *name;
    int (*run)(struct shell *shell, int argc, char **argv);
    bool special; /* assignments before it stay */
};
const struct builtin *builtin_find(const char *name);
const char *builtin_name(size_t number); /* NULL behind the last one */
/* For builtins: write a text to standard output. => 0 or 1. */
int builtin_print(struct shell *shell, const struct buf *text);
/* options.c. The letters of those that are set. */
const char *option_letters(const struct shell *shell, struct buf *text);
/* Options as in `set -e` or `set -o errexit`. => how many words it took, 0: an unknown one. */
int shell_set_options(struct shell *shell, char **argv);
/* All variables of a kind, as commands that would set them, to standard output. => status. */
int vars_list(struct shell *shell, enum vars_which which, const char *prefix);
/* $PWD, if what it was is not where we are. */
void shell_find_pwd(struct shell *shell);
/* `text` in quotes, so that the shell reads it as one word. */
void quote(struct buf *out, const char *text);

/* The builtins, by file. */
#define BUILTINS_NAMES(X)                                                                          \
    X("alias", alias, false) X("unalias", unalias, false) X("hash", hash, false)
#define BUILTINS_CONTROL(X)                                                                        \
    X(":", colon, true)                                                                            \
    X(".", dot, true) X("break", break, true) X("continue", continue, true) X("eval", eval, true)  \
        X("exec", exec, true) X("exit", exit, true) X("return", return, true)                      \
            X("trap", trap, true) X("true", colon, false) X("false", false, false)                 \
                X("command", command, false) X("type", type, false)
#define BUILTINS_VARS(X)                                                                           \
    X("export", export, true)                                                                      \
    X("readonly", readonly, true) X("set", set, true) X("shift", shift, true)                      \
        X("unset", unset, true) X("local", local, true) X("read", read, false)                     \
            X("getopts", getopts, false)
#define BUILTINS_SYSTEM(X)                                                                         \
    X("cd", cd, false)                                                                             \
    X("pwd", pwd, false) X("umask", umask, false) X("ulimit", ulimit, false) X("times", times, true) X("wait", wait, false)   \
        X("jobs", jobs, false) X("fg", fg, false) X("bg", bg, false) X("kill", kill, false)        \
            X("echo", echo, false) X("printf", printf, false) X("test", test, false)               \
                X("[", test, false) X("fc", fc, false) X("history", history, false)
#define X(name, function, special)                                                                 \
    int builtin_##function(struct shell *shell, int argc, char **argv);
BUILTINS_NAMES(X)
BUILTINS_CONTROL(X)
BUILTINS_VARS(X)
BUILTINS_SYSTEM(X)
#undef X

#endif
