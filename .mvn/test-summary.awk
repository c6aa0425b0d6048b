# Reads Surefire's XML reports and prints each skipped test with its reason, then one line with the totals.

function attribute(line, name,    start, value) {
    start = index(line, " " name "=\"")
    if (start == 0) {
        return ""
    }
    value = substr(line, start + length(name) + 3)
    value = substr(value, 1, index(value, "\"") - 1)
    gsub(/&#10;|&#13;/, " ", value)
    gsub(/&quot;/, "\"", value)
    gsub(/&lt;/, "<", value)
    gsub(/&gt;/, ">", value)
    gsub(/&apos;/, "'", value)
    gsub(/&amp;/, "\\&", value)
    return value
}

/<testsuite / {
    tests += attribute($0, "tests")
    failed += attribute($0, "failures") + attribute($0, "errors")
    skipped += attribute($0, "skipped")
}

/<testcase / {
    test = attribute($0, "classname") "." attribute($0, "name")
    sub(/^org\.cosmosj\./, "", test)
}

/<skipped/ {
    reason = attribute($0, "message")
    skips[++count] = test ": " (reason == "" ? "no reason given" : reason)
}

END {
    if (count > 0) {
        print "Skipped:"
        for (i = 1; i <= count; i++) {
            print "  " skips[i]
        }
    }
    print tests - failed - skipped " passed, " failed " failed, " skipped " skipped"
}
