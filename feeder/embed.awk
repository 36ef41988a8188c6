# Makes a C source of text files: rules_standard[] of rulesload.h.
function finish() {
	if (name != "")
		printf "\t, %d},\n", size
}
BEGIN {
	print "/* Made from feeder/rules/; see rulesload.h. */"
	print "#include \"autoconf.h\"\n\n#include \"rulesload.h\"\n"
	print "const struct rules_text rules_standard[] = {"
}
FNR == 1 {
	finish()
	name = FILENAME
	sub(/.*\//, "", name)
	printf "\t{\"%s\",\n", name
	size = 0
}
{
	size += length($0) + 1
	gsub(/\\/, "&&")
	gsub(/"/, "\\\"")
	gsub(/\?/, "\\?")
	printf "\t\"%s\\n\"\n", $0
}
END {
	finish()
	print "\t{NULL, NULL, 0},\n};"
}
