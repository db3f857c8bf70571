/* The disk's life: found, mounted, and at the end unmounted. If there is none that we can use, the
 * log says why in one line, and init is told: it says that there is no system to run. */
#include <servers/fs/handlers.h>
#include <proto/blk.h>
#include <string.h>

#define SECTOR 512u

enum mount_phase { MOUNT_ASK, MOUNT_ASKED, MOUNT_READ };

static int make_fs(struct vfs *v, uint64_t sectors, bool read_only)
{
    struct ext2_config config = {.mem = v->heap, .mem_bytes = v->heap_bytes - PAGE_SIZE,
                                 .ninodes = VFS_NODES + 64, .disk_bytes = sectors * SECTOR,
                                 .read_only = read_only};
    v->fs = ext2_new(&config);
    return v->fs ? 0 : ERR_NOMEM;
}

static int ask(struct vfs *v, struct request *r)
{
    uint64_t disk = 0;
    r->phase = MOUNT_ASKED;
    request_post(v, r, SRV_BLK, blk_OP_info, &disk, 1);
    return request_park(r, WAIT_PEER, 0);
}

static const char *why_not(int status)
{
    switch (status) {
    case ERR_NOMEM:
        return "no root file system: not enough memory for its cache";
    case ERR_IO:
        return "no root file system: the disk cannot be read";
    case ERR_NODEV:
        return "no root file system: the disk holds no ext2";
    default:
        return "no root file system: it cannot be used";
    }
}

/* One line about how it went, if there is one to say. */
static void tell(struct vfs *v, int status, const char *reason)
{
    char line[160] = "root file system: ";
    if (status && !reason) {
        v->ports.log(v->ports.self, why_not(status));
    } else if (reason) {
        strncat(line, reason, sizeof line - strlen(line) - 1);
        v->ports.log(v->ports.self, line);
    }
}

static int over(struct vfs *v, int status)
{
    v->is_mounted = status == 0;
    devices_init(v->device_attr, (int64_t)v->now_ns);
    v->ports.ready(v->ports.self, status);
    return 0;
}

/* r->rep: sectors and read_only, as the completion of `info` left them. */
static int asked(struct vfs *v, struct request *r)
{
    if (r->inflight > 0)
        return request_park(r, WAIT_PEER, 0);
    if (r->status || r->rep[0] == 0) {
        v->ports.log(v->ports.self, "no root file system: there is no disk");
        return over(v, r->status ? r->status : ERR_NODEV);
    }
    int status = make_fs(v, r->rep[0], r->rep[1]);
    if (status) {
        tell(v, status, NULL);
        return over(v, status);
    }
    r->phase = MOUNT_READ;
    return VFS_WAIT; /* ext2 runs between begin and end: the next run has them */
}

int own_mount(struct vfs *v, struct request *r)
{
    const char *reason = NULL;
    if (r->phase == MOUNT_ASK)
        return ask(v, r);
    if (r->phase == MOUNT_ASKED) {
        v->disk_moved = v->work_due = true;
        return asked(v, r);
    }
    int status = ext2_mount(v->fs, vfs_now(v), &reason);
    if (status == VFS_WAIT)
        return status;
    tell(v, status, reason);
    return over(v, status);
}

/* --- the end --------------------------------------------------------------------------------- */

/* Let go of everything that keeps inodes in use: processes, requests that wait, the pager's hold. */
static int let_go(struct vfs *v)
{
    int status = nodes_settle(v);
    if (status == VFS_WAIT)
        return status;
    for (struct process *p = v->processes; p < v->processes + POOL_SLOTS; p++)
        if (p->badge)
            process_end(v, p);
    for (struct node *n = v->nodes; n < v->nodes + VFS_NODES; n++) {
        if (n->ino == 0)
            continue;
        n->is_live = n->is_touched = n->is_discarding = false;
        n->adds = 0;
        node_let_go(v, n);
    }
    v->ntouched = 0;
    return status;
}

/* The calls that wait for something that will never come now. */
static void interrupt_all(struct vfs *v)
{
    for (struct process *p = v->processes; p < v->processes + POOL_SLOTS; p++)
        if (p->badge)
            request_interrupt(v, p->badge);
    v->disk_moved = true;
}

static bool others_run(struct vfs *v, const struct request *me)
{
    for (struct request *r = v->parked_first; r; r = r->next)
        if (r != me && (r->state == REQUEST_DISK || r->state == REQUEST_HELD || r->inflight > 0))
            return true;
    return false;
}

/* init's quiesce: what is in flight ends, the rest is cut off, the disk becomes clean. */
int init_quiesce(struct vfs *v, struct request *r)
{
    v->is_quiesced = true;
    if (!v->is_mounted)
        return 0;
    if (r->phase == 0) {
        interrupt_all(v);
        r->phase = 1;
        return VFS_WAIT;
    }
    if (r->phase == 1 && others_run(v, r))
        return VFS_WAIT;
    int status = r->phase == 1 ? let_go(v) : 0;
    if (status == VFS_WAIT)
        return status;
    r->phase = 2;
    r->status = r->status ? r->status : status;
    status = ext2_unmount(v->fs);
    if (status == VFS_WAIT)
        return status;
    v->is_mounted = false;
    if (status || r->status)
        v->ports.log(v->ports.self, "root file system: not everything could be written");
    return status ? status : r->status;
}
