#!/bin/sh
# Refuses what handles text of others by Swift's Characters (Docs/design/foreign-text.md): to these a quote, a slash or a
# dash is none where a combining mark follows it, or a letter that Unicode prepends stands before it.
#
#   Scripts/lint-text.sh [FILE-OR-FOLDER...]      without any, all that the product is made of
#
# A line that means Characters, such as the columns of a terminal, says why: `// Characters: …`; one whose keys cannot be two
# spellings of one character: `// Keys: …`.
# shellcheck disable=SC2016 # a dollar in a pattern is Swift's
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- Sources/ForeignText Sources/Git Sources/GitProcess Sources/Weave* Sources/weave

found=
# refuse PATTERN INSTEAD FILE-OR-FOLDER...
refuse() {
  pattern=$1 instead=$2
  shift 2
  lines=$(grep -HrnE --include='*.swift' -e "$pattern" "$@" | grep -vE '// (Characters|Keys): ' | grep -vE '^[^:]*:[0-9]+: *//|properties\.is|unicodeScalars\.(first|last|contains)' || true)
  [ -z "$lines" ] && return
  printf '%s\n  use %s\n' "$lines" "$instead" >&2
  found=yes
}

refuse '[.(!" ]replacing(Occurrences)?\(' 'mapScalars, or a writer of Quoted' "$@"
refuse '\bRegex\b|#/|(firstMatch|wholeMatch|prefixMatch|matches)\((of|in):|NSRegularExpression' 'a linear reader over bytes or scalars' "$@"
refuse '\bCharacter\b' 'Unicode.Scalar, or bytes' "$@"
# What a closure, a loop or a switch over a text calls its elements.
refuse '(\{|\bfor|\bswitch|case let) \(?(index, )?(c|ch|char|character|letter)\b( in\b| where\b| \{|\)| ->)' \
  'unicodeScalars, or utf8' "$@"
refuse '\.(first|last)(\?\.is(Letter|Number|Whitespace|Newline)|\.(map|flatMap) ?[({]+ ?\$0 [!=]= "|, ?[a-z]+ [!=]= ")' 'begins(with:), ends(with:)' "$@"
refuse '\bhas(Prefix|Suffix)\b' 'begins(with:), ends(with:), dropping(prefix:)' "$@"
refuse '(firstIndex|lastIndex|firstRange|ranges|range)\(of: "' 'firstIndex(ofScalar:), firstIndex(ofBytes:)' "$@"
refuse '\bsplit\((separator: "|whereSeparator: \\\.is)|components\(separatedBy|trimmingCharacters|trimmingPrefix' 'split(atScalar:), lines, words, trimmed' "$@"
refuse '\.contains\("|\.starts\(with: "[^"]*"\)' 'holds(…), begins(with:); of a list, contains(where:)' "$@"
refuse '(\$0|\(\\|: \\|[a-z]+\)?)\.is(Letter|Number|Whitespace|Newline|Punctuation|WholeNumber|HexDigit|Symbol)\b[^(]' \
  'the properties of scalars' "$@"
refuse '\.(first|last) [!=]= "|\.(first|last)\?? [!=]= "' 'begins(with:), ends(with:)' "$@"
refuse '\.(prefix|drop|split|filter|contains|allSatisfy) ?[({]* ?(while: \{ )?\$0 [!=]= "[^"]"' \
  'prefix(whileScalar:), drop(whileScalar:), unicodeScalars' "$@"

# One Character on is past the marks that follow.
refuse '(^|[^.a-zA-Z])index\((after|before): ?|[a-qt-zA-Z]\.index\((after|before):|\b(path|text|name|url)\.dropFirst\([a-z]+\.count\)' \
  'unicodeScalars.index(after:), dropFirst(bytes:)' "$@"

# Of what reads the files and the trees of others, where nothing else is named: to a dictionary two spellings are one key.
[ "$1" != Sources/ForeignText ] || set -- Sources/WeaveFormats/*.swift Sources/WeaveFormats/MachineReports Sources/WeaveKit/OtherTools
refuse '\[(String|Substring)\??: |\bSet<(String|Substring)>' 'ExactText' "$@"

[ -z "$found" ] || { echo "lint-text: the lines above compare Characters" >&2; exit 1; }
