/* Terminal settings. */
#ifndef _SYS_TERMIOS_H
#define _SYS_TERMIOS_H

#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef unsigned int tcflag_t;
typedef unsigned char cc_t;
typedef unsigned int speed_t;

#define NCCS 16
struct termios {
    tcflag_t c_iflag, c_oflag, c_cflag, c_lflag;
    cc_t c_cc[NCCS];
    speed_t c_ispeed, c_ospeed;
};

/* c_iflag. The line knows no parity errors; a break is not noticed. */
#define ICRNL 0x1
#define INLCR 0x2
#define IGNCR 0x4
#define IXON 0x8
#define ISTRIP 0x10
#define BRKINT 0x20
#define IGNBRK 0x40
#define IGNPAR 0x80
#define PARMRK 0x100
#define INPCK 0x200
#define IXOFF 0x400
#define IXANY 0x800
#define IMAXBEL 0x1000
#define IUTF8 0x2000
/* c_oflag. Delays are kept and not needed, but for TAB3, which expands tabs. */
#define OPOST 0x1
#define ONLCR 0x2
#define OCRNL 0x4
#define ONOCR 0x8
#define ONLRET 0x10
#define OFILL 0x20
#define OFDEL 0x40
#define NLDLY 0x80
#define NL0 0x0
#define NL1 0x80
#define CRDLY 0x6000
#define CR0 0x0
#define CR1 0x2000
#define CR2 0x4000
#define CR3 0x6000
#define TABDLY 0x600
#define TAB0 0x0
#define TAB1 0x200
#define TAB2 0x400
#define TAB3 0x600
#define XTABS 0x600
#define BSDLY 0x800
#define BS0 0x0
#define BS1 0x800
#define VTDLY 0x1000
#define VT0 0x0
#define VT1 0x1000
#define FFDLY 0x8000
#define FF0 0x0
#define FF1 0x8000
/* c_cflag. The line is what it is: CS8, one stop bit, no parity. */
#define CSIZE 0x3
#define CS5 0x0
#define CS6 0x1
#define CS7 0x2
#define CS8 0x3
#define CSTOPB 0x4
#define CREAD 0x8
#define PARENB 0x10
#define PARODD 0x20
#define HUPCL 0x40
#define CLOCAL 0x80
#define CRTSCTS 0x100 /* never kept: there are no wires */
/* c_lflag */
#define ISIG 0x1
#define ICANON 0x2
#define ECHO 0x4
#define ECHOE 0x8
#define ECHOK 0x10
#define ECHONL 0x20
#define IEXTEN 0x40
#define TOSTOP 0x80
#define NOFLSH 0x100
#define ECHOCTL 0x200
#define ECHOKE 0x400
/* c_cc */
#define VINTR 0
#define VQUIT 1
#define VERASE 2
#define VKILL 3
#define VEOF 4
#define VEOL 5
#define VSUSP 6
#define VSTART 7
#define VSTOP 8
#define VMIN 9
#define VTIME 10
#define VWERASE 11
#define VREPRINT 12
#define VLNEXT 13
#define VEOL2 14

#define TCSANOW 0
#define TCSADRAIN 1
#define TCSAFLUSH 2
#define TCIFLUSH 0
#define TCOFLUSH 1
#define TCIOFLUSH 2
#define TCOOFF 0
#define TCOON 1
#define TCIOFF 2
#define TCION 3

#define B0 0
#define B50 50
#define B75 75
#define B110 110
#define B134 134
#define B150 150
#define B200 200
#define B300 300
#define B600 600
#define B1200 1200
#define B1800 1800
#define B2400 2400
#define B4800 4800
#define B9600 9600
#define B19200 19200
#define B38400 38400
#define B57600 57600
#define B115200 115200
#define B230400 230400
#define B460800 460800
#define B921600 921600

int tcgetattr(int fd, struct termios *t);
int tcsetattr(int fd, int when, const struct termios *t);
int tcflush(int fd, int queue);
int tcflow(int fd, int action);
int tcdrain(int fd);
int tcsendbreak(int fd, int duration);
pid_t tcgetsid(int fd);
speed_t cfgetispeed(const struct termios *t);
speed_t cfgetospeed(const struct termios *t);
int cfsetispeed(struct termios *t, speed_t speed);
int cfsetospeed(struct termios *t, speed_t speed);
int cfsetspeed(struct termios *t, speed_t speed);
void cfmakeraw(struct termios *t);

#ifdef __cplusplus
}
#endif

#endif
