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

# Test cases are counted one by one: a report with nested classes states the number of one of them only.
/^ *<testcase / {
    tests++
    open = 1
    test = attribute($0, "classname") "." attribute($0, "name")
    sub(/^org\.cosmosj\./, "", test)
}

/^ *<(failure|error)[ >]/ && open {
    failed++
    open = 0
}

/^ *<skipped/ && open {
    skipped++
    open = 0
    reason = attribute($0, "message")
    untold = reason == ""
    skips[skipped] = test ": " (untold ? "no reason given" : reason)
    next
}

# AssertJ starts its message with a new line, and Surefire then leaves the attribute out.
untold {
    untold = 0
    reason = $0
    sub(/^assumption was not met due to: \[/, "", reason)
    sub(/\] *$/, "", reason)
    if (reason !~ /^ *(<|at )/) {
        skips[skipped] = test ": " reason
    }
}

END {
    if (skipped > 0) {
        print "Skipped:"
        for (i = 1; i <= skipped; i++) {
            print "  " skips[i]
        }
    }
    print tests - failed - skipped " passed, " failed + 0 " failed, " skipped + 0 " skipped"
}
