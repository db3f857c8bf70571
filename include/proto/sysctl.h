/* Start and stop of the system between init and the servers. */
#ifndef PROTO_SYSCTL_H
#define PROTO_SYSCTL_H

#define PROTO_NAME sysctl
#define PROTO_FILE <proto/sysctl.def>
#include <proto/expand.h>
#undef PROTO_NAME
#undef PROTO_FILE

#endif
