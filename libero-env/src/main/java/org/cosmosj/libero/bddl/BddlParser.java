package org.cosmosj.libero.bddl;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cosmosj.libero.bddl.BddlProblem.Item;
import org.cosmosj.libero.bddl.BddlProblem.Region;
import org.cosmosj.libero.bddl.SExpression.Atom;
import org.cosmosj.libero.bddl.SExpression.Items;

/** Reads BDDL, LIBERO's dialect of PDDL; words are lower-cased as the reference does. */
public final class BddlParser {

    private final String source;
    private String name = "";
    private String language = "";
    private final Map<String, Region> regions = new LinkedHashMap<>();
    private final List<Item> fixtures = new ArrayList<>();
    private final List<Item> objects = new ArrayList<>();
    private final List<String> interest = new ArrayList<>();
    private final List<Predicate> init = new ArrayList<>();
    private final List<Predicate> goal = new ArrayList<>();

    private BddlParser(String source) {
        this.source = source;
    }

    /**
     * Parses a file.
     *
     * @param file a {@code .bddl} file, UTF-8
     * @return the problem
     * @throws BddlException if it cannot be read or is not BDDL
     */
    public static BddlProblem parse(Path file) {
        return parse(read(file), file.toString());
    }

    /**
     * Reads a file's text.
     *
     * @param file a {@code .bddl} file, UTF-8
     * @return its text
     * @throws BddlException if it cannot be read
     */
    public static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (MalformedInputException e) {
            throw new BddlException(file + ": not UTF-8 text, expected a BDDL file");
        } catch (IOException e) {
            throw new BddlException(file + ": cannot be read (" + e + "), expected a BDDL file");
        }
    }

    /**
     * Parses text.
     *
     * @param text   the file's content
     * @param source its name for messages
     * @return the problem
     * @throws BddlException if it is not BDDL
     */
    public static BddlProblem parse(String text, String source) {
        Items root = SExpression.parse(text, source);
        if (!root.head().equals("define")) {
            throw new BddlException(source + ": starts with \"" + root.head() + "\", expected (define (problem ...");
        }
        BddlParser parser = new BddlParser(source);
        for (SExpression section : root.tail()) {
            parser.section(parser.list(section));
        }
        return parser.problem();
    }

    private BddlProblem problem() {
        if (goal.isEmpty()) {
            throw new BddlException(source + ": has no (:goal ...), so success would be undefined");
        }
        return new BddlProblem(name, language, java.util.Collections.unmodifiableMap(regions), List.copyOf(fixtures),
                List.copyOf(objects), List.copyOf(interest), List.copyOf(init), List.copyOf(goal));
    }

    private void section(Items section) {
        switch (section.head()) {
            case "problem" -> name = words(section);
            case ":language" -> language = words(section);
            case ":regions" -> section.tail().forEach(each -> region(list(each)));
            case ":fixtures" -> typedNames(section, fixtures);
            case ":objects" -> typedNames(section, objects);
            case ":obj_of_interest" -> section.tail().forEach(each -> interest.add(atom(each)));
            case ":init" -> section.tail().forEach(each -> init.add(predicate(list(each))));
            case ":goal" -> section.tail().forEach(each -> conjunction(list(each)));
            case ":domain" -> {
                // always "robosuite"; it selects nothing
            }
            default -> throw error(section, "unknown section \"" + section.head() + "\", expected :language, :regions,"
                    + " :fixtures, :objects, :obj_of_interest, :init or :goal");
        }
    }

    private void region(Items region) {
        String target = "";
        List<double[]> ranges = new ArrayList<>();
        double[] yaw = {0, 0};
        double[] rgba = {};
        for (SExpression each : region.tail()) {
            Items property = list(each);
            switch (property.head()) {
                case ":target" -> target = words(property);
                case ":ranges" -> value(property).items().forEach(range -> ranges.add(numbers(list(range), 4)));
                case ":yaw_rotation" -> yaw = numbers(single(value(property)), 2);
                case ":rgba" -> rgba = numbers(value(property), 4);
                default -> throw error(property, "unknown property \"" + property.head()
                        + "\" of region " + region.head() + ", expected :target, :ranges, :yaw_rotation or :rgba");
            }
        }
        if (target.isEmpty()) {
            throw error(region, "region " + region.head() + " has no (:target ...)");
        }
        regions.put(target + "_" + region.head(), new Region(region.head(), target, List.copyOf(ranges), yaw, rgba));
    }

    /** {@code a b - type c - type}: the names before a dash share the type after it. */
    private void typedNames(Items section, List<Item> into) {
        List<String> pending = new ArrayList<>();
        var words = section.tail().iterator();
        while (words.hasNext()) {
            String word = atom(words.next());
            if (!word.equals("-")) {
                pending.add(word);
                continue;
            }
            if (!words.hasNext() || pending.isEmpty()) {
                throw error(section, "a dash in " + section.head() + " needs names before and a type after it");
            }
            String category = atom(words.next());
            pending.forEach(each -> into.add(new Item(each, category)));
            pending.clear();
        }
        if (!pending.isEmpty()) {
            throw error(section, section.head() + " ends with names without a type: " + pending);
        }
    }

    private void conjunction(Items expression) {
        if (expression.head().equals("and")) {
            expression.tail().forEach(each -> goal.add(predicate(list(each))));
        } else {
            goal.add(predicate(expression));
        }
    }

    private Predicate predicate(Items expression) {
        List<String> words = new ArrayList<>(List.of(expression.head()));
        if (!expression.items().isEmpty()) {
            expression.tail().forEach(each -> words.add(atom(each)));
        }
        try {
            return Predicate.of(words);
        } catch (IllegalArgumentException e) {
            throw error(expression, e.getMessage());
        }
    }

    private String words(Items section) {
        return String.join(" ", section.tail().stream().map(this::atom).toList());
    }

    private double[] numbers(Items items, int count) {
        if (items.items().size() != count) {
            throw error(items, "expected " + count + " numbers, got " + items.items().size());
        }
        double[] result = new double[count];
        for (int i = 0; i < count; i++) {
            String text = atom(items.items().get(i));
            try {
                result[i] = Double.parseDouble(text);
            } catch (NumberFormatException e) {
                throw error(items, "expected a number, got \"" + text + "\"");
            }
        }
        return result;
    }

    /** The list in {@code (:property (...))}. */
    private Items value(Items property) {
        return single(new Items(property.tail(), property.line()));
    }

    private Items single(Items items) {
        if (items.items().size() != 1) {
            throw error(items, "expected one list in parentheses, got " + items.items().size());
        }
        return list(items.items().getFirst());
    }

    private Items list(SExpression expression) {
        if (expression instanceof Items items) {
            return items;
        }
        throw error(expression, "expected a list in parentheses, got \"" + atom(expression) + "\"");
    }

    private String atom(SExpression expression) {
        if (expression instanceof Atom atom) {
            return atom.text();
        }
        throw error(expression, "expected a word, got a list in parentheses");
    }

    private BddlException error(SExpression where, String what) {
        return new BddlException(source + ": line " + where.line() + ": " + what);
    }
}
