/*
 * Times OpenLDAP's parser on definitions: reads lines "COLLECTION<tab>DEFINITION" from standard input and prints, for
 * each of the number of runs given, the nanoseconds that ldap_str2attributetype and ldap_str2objectclass take for the
 * attributeTypes and objectClasses, the results freed outside of the time. On standard error it prints their number.
 */
#include <ldap_schema.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static long long now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
	int runs = argc > 1 ? atoi(argv[1]) : 1;
	char *line = NULL, **definitions = NULL, *kinds = NULL;
	size_t size = 0, count = 0;
	ssize_t length;
	while ((length = getline(&line, &size, stdin)) > 0) {
		line[length - 1] = 0;
		char *tab = strchr(line, '\t');
		char kind = !strncmp(line, "attributeTypes\t", 15) ? 'a' : !strncmp(line, "objectClasses\t", 14) ? 'c' : 0;
		if (!tab || !kind) continue;
		definitions = realloc(definitions, (count + 1) * sizeof *definitions);
		kinds = realloc(kinds, count + 1);
		definitions[count] = strdup(tab + 1);
		kinds[count++] = kind;
	}
	void **parsed = calloc(count, sizeof *parsed);
	for (int run = 0; run < runs; run++) {
		int code;
		const char *error;
		long long begin = now();
		for (size_t i = 0; i < count; i++)
			parsed[i] = kinds[i] == 'a'
				? (void *)ldap_str2attributetype(definitions[i], &code, &error, LDAP_SCHEMA_ALLOW_ALL)
				: (void *)ldap_str2objectclass(definitions[i], &code, &error, LDAP_SCHEMA_ALLOW_ALL);
		long long elapsed = now() - begin;
		for (size_t i = 0; i < count; i++) {
			if (!parsed[i]) {
				fprintf(stderr, "libldap refuses: %s\n", definitions[i]);
				return 1;
			}
			if (kinds[i] == 'a') ldap_attributetype_free(parsed[i]);
			else ldap_objectclass_free(parsed[i]);
		}
		printf("%lld\n", elapsed);
	}
	fprintf(stderr, "%zu\n", count);
	return 0;
}
