/* What a cubin, an ELF file, says of its kernels: registers and shared memory. */
#include "driver.h"
#include "trailer.h"

size_t emu_cubin_size(const unsigned char *image) {
    const Elf64_Ehdr *h = (const void *)image;
    size_t end = h->e_shoff + (size_t)h->e_shnum * h->e_shentsize;
    size_t p = h->e_phoff + (size_t)h->e_phnum * h->e_phentsize;
    if (p > end) end = p;
    const Elf64_Shdr *s = (const void *)(image + h->e_shoff);
    for (int i = 0; i < h->e_shnum; i++)
        if (s[i].sh_type != SHT_NOBITS && s[i].sh_offset + s[i].sh_size > end) end = s[i].sh_offset + s[i].sh_size;
    return end;
}

static void look_into_sections(Kernel *k, const unsigned char *image) {
    const Elf64_Ehdr *h = (const void *)image;
    const Elf64_Shdr *s = (const void *)(image + h->e_shoff);
    const char *names = (const char *)image + s[h->e_shstrndx].sh_offset;
    char text[560], shared[560];
    snprintf(text, sizeof text, ".text.%s", k->name);
    snprintf(shared, sizeof shared, ".nv.shared.%s", k->name);
    for (int i = 0; i < h->e_shnum; i++) {
        if (!strcmp(names + s[i].sh_name, text)) k->regs = s[i].sh_info >> 24;
        if (!strcmp(names + s[i].sh_name, shared)) k->shared = (int)s[i].sh_size;
    }
}

/* .nv.info: for each kernel, by its symbol, registers (0x2f) and bytes of the stack (0x11). */
static void look_into_info(Kernel *k, const unsigned char *image) {
    const Elf64_Ehdr *h = (const void *)image;
    const Elf64_Shdr *s = (const void *)(image + h->e_shoff);
    const char *names = (const char *)image + s[h->e_shstrndx].sh_offset;
    const Elf64_Sym *symbols = 0;
    const char *strings = 0;
    for (int i = 0; i < h->e_shnum; i++)
        if (s[i].sh_type == SHT_SYMTAB) {
            symbols = (const void *)(image + s[i].sh_offset);
            strings = (const char *)image + s[s[i].sh_link].sh_offset;
        }
    for (int i = 0; symbols && i < h->e_shnum; i++) {
        if (strcmp(names + s[i].sh_name, ".nv.info")) continue;
        const unsigned char *at = image + s[i].sh_offset, *end = at + s[i].sh_size;
        while (at + 4 <= end) {
            unsigned size = at[0] == 4 ? at[2] | at[3] << 8 : 0;
            if (at[0] == 4 && size == 8) {
                uint32_t symbol, value;
                memcpy(&symbol, at + 4, 4);
                memcpy(&value, at + 8, 4);
                if (!strcmp(strings + symbols[symbol].st_name, k->name)) {
                    if (at[1] == 0x2f) k->regs = (int)value;
                    if (at[1] == 0x11 && value) emu_log("kernel %.60s has a stack of %u bytes", k->name, value);
                }
            }
            at += 4 + size;
        }
    }
}

void emu_look_into_cubin(Kernel *k) {
    look_into_sections(k, k->library->cubin);
    look_into_info(k, k->library->cubin);
}
