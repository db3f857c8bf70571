/* Widths of the types in <sys/types.h> that picolibc makes too narrow for a real file system. */
#ifndef _FAULTLINE_MACHINE__TYPES_H
#define _FAULTLINE_MACHINE__TYPES_H

typedef unsigned long __ino_t;
#define __machine_ino_t_defined
typedef unsigned long __dev_t;
#define __machine_dev_t_defined
typedef unsigned int __uid_t;
#define __machine_uid_t_defined
typedef unsigned int __gid_t;
#define __machine_gid_t_defined

#include_next <machine/_types.h>

#endif
