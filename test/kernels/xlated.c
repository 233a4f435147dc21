/*
 * Loads objects and prints their programs as the kernel runs them, one a line: object, program, translated instructions in hex.
 *
 *   xlated OBJECT [BTF]      BTF in place of the kernel's own, for CO-RE
 *
 * Instructions that name a map have its id in them, which is another each time: it is left out.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>

static struct bpf_insn instructions[65536];

static int print_program(const char *object, const struct bpf_program *program)
{
	struct bpf_prog_info info = {
		.xlated_prog_insns = (unsigned long)instructions,
		.xlated_prog_len = sizeof(instructions),
	};
	unsigned int size = sizeof(info);

	if (bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size) || info.xlated_prog_len > sizeof(instructions))
		return 1;
	printf("%s %s ", object, bpf_program__name(program));
	for (unsigned int i = 0; i < info.xlated_prog_len / sizeof(struct bpf_insn); i++) {
		unsigned char bytes[sizeof(struct bpf_insn)];

		if (instructions[i].code == (BPF_LD | BPF_IMM | BPF_DW) && instructions[i].src_reg != 0)
			instructions[i].imm = 0;
		memcpy(bytes, &instructions[i], sizeof(bytes));
		for (unsigned int at = 0; at < sizeof(bytes); at++)
			printf("%02x", bytes[at]);
	}
	printf("\n");
	return info.xlated_prog_len == 0;
}

int main(int argc, char **argv)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .btf_custom_path = argc > 2 ? argv[2] : NULL);
	struct bpf_object *object = argc > 1 ? bpf_object__open_file(argv[1], &options) : NULL;
	struct bpf_program *program;
	int failed = 0;

	if (!object || bpf_object__load(object))
		return 1;
	bpf_object__for_each_program(program, object)
		failed |= print_program(argv[1], program);
	return failed;
}
