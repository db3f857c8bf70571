/* init: entry of the root task. See init.h. */
#include <servers/init/init.h>

static struct init init;

static void read_conf(void)
{
    struct cpio_entry file;

    if (archive_find(&init, "conf", &file))
        conf_read((const char *)WINDOW_ARCHIVE + file.data, file.bytes, &init.conf);
    else
        conf_read("", 0, &init.conf);
    if (init.conf.unknown[0])
        say("conf: \"%s\" is not understood", init.conf.unknown);
}

static void map_archive(void)
{
    uint64_t npages = (init.info->initrd_bytes + PAGE_MASK) >> PAGE_SHIFT;

    item_add(&init, item_map(ROOT_VSPACE, WINDOW_ARCHIVE, (struct frame){ROOT_INITRD, 0}, PROT_R,
                             (unsigned)npages));
    items_flush(&init);
}

static void load_servers(void)
{
    for (enum server_id id = SRV_INIT + 1; id < SRV_COUNT; id++) {
        if (server_load(&init, id))
            init.started |= 1u << id;
        else
            say("no server \"%s\" in the boot archive", server_info[id].name);
    }
}

int main(const struct bootinfo *info)
{
    init.info = info;
    init.msg = (struct msgpage *)info->msgpage_va;
    early_start(&init);
    objects_make(&init);
    memory_make(&init);
    map_archive();
    read_conf();
    machine_probe(&init);
    load_servers();
    wire_rings(&init);
    for (enum server_id id = SRV_INIT + 1; id < SRV_COUNT; id++)
        if (init.started & 1u << id)
            wire_capabilities(&init, id);
    if (init.started & 1u << SRV_PAGER)
        wire_pager(&init);
    items_flush(&init);
    run(&init);
}
