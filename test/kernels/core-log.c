/*
 * Loads objects, each against a kernel's BTF, and prints what libbpf makes of their CO-RE relocations. Whether the kernel then takes the
 * programs does not matter: they have been relocated before it sees them.
 *
 *   core-log OBJECT BTF [PROGRAM...]      only these programs
 */
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int print_relocations(enum libbpf_print_level level, const char *format, va_list arguments)
{
	static char line[65536];

	vsnprintf(line, sizeof(line), format, arguments);
	/* What the verifier says of a whole program comes as one text; candidates are not of interest. */
	if (strncmp(line, "libbpf: prog '", 14) != 0 || !strstr(line, "': relo #"))
		return 0;
	if (strstr(line, ": patched insn ") || strstr(line, ": substituting insn ") || strstr(line, ": failed to "))
		printf("%.*s\n", (int)strcspn(line, "\n"), line);
	return 0;
}

int main(int argc, char **argv)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .btf_custom_path = argc > 2 ? argv[2] : NULL);
	struct bpf_object *object;
	struct bpf_program *program;

	libbpf_set_print(print_relocations);
	object = argc > 2 ? bpf_object__open_file(argv[1], &options) : NULL;
	if (!object)
		return 1;
	for (int i = 3; i < argc; i++)
		if (!bpf_object__find_program_by_name(object, argv[i]))
			return 1;
	bpf_object__for_each_program(program, object) {
		int wanted = argc == 3;

		for (int i = 3; i < argc; i++)
			wanted |= strcmp(argv[i], bpf_program__name(program)) == 0;
		if (argc > 3)
			bpf_program__set_autoload(program, wanted);
	}
	bpf_object__load(object);
	bpf_object__close(object);
	return 0;
}
