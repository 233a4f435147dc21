/*
 * Loads objects, each against a kernel's BTF, and prints what libbpf makes of their CO-RE relocations, and then what the verifier says:
 *
 *   verifier: loaded | poison | refused      poison: it came to an instruction that libbpf put in the place of one without an answer
 *
 *   core-log OBJECT BTF [PROGRAM...]         only these programs
 */
#define _GNU_SOURCE
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *said = "refused";

static int print_relocations(enum libbpf_print_level level, const char *format, va_list arguments)
{
	char *text;

	if (vasprintf(&text, format, arguments) < 0)
		return 0;
	/* What the verifier says of a whole program comes as one text. libbpf 1.0 and later puts words in the place of the function's number. */
	if (strstr(text, "<invalid CO-RE relocation>") || strstr(text, "invalid func unknown#195896080"))
		said = "poison";
	else if (strncmp(text, "libbpf: prog '", 14) == 0 && strstr(text, "': relo #") &&
		 (strstr(text, ": patched insn ") || strstr(text, ": substituting insn ") || strstr(text, ": failed to ")))
		printf("%.*s\n", (int)strcspn(text, "\n"), text);
	free(text);
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
	printf("verifier: %s\n", bpf_object__load(object) ? said : "loaded");
	bpf_object__close(object);
	return 0;
}
