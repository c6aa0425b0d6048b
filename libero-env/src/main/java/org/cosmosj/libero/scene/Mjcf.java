package org.cosmosj.libero.scene;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * What robosuite does to MJCF elements: reading with class defaults written into the elements, prefixes on names,
 * colours of collision shapes, merging. Source: robosuite 1.4 models/base.py, utils/mjcf_utils.py.
 */
final class Mjcf {

    /** Attributes that hold names. Source: mjcf_utils.py#add_prefix. */
    private static final Set<String> NAMES = Set.of("class", "childclass", "name", "objname", "material", "texture",
            "joint", "joint1", "joint2", "jointinparent", "geom", "geom1", "geom2", "mesh", "fixed", "actuator",
            "tendon", "tendon1", "tendon2", "slidesite", "cranksite", "body", "body1", "body2", "hfield", "target",
            "prefix", "site");

    private Mjcf() {
    }

    /** Reads a part; files that its assets name become absolute, and its class defaults are written out. */
    static Element read(Path file) {
        Element root = parse(file);
        child(root, "asset").ifPresent(assets -> children(assets).stream().filter(each -> each.hasAttribute("file"))
                .forEach(each -> each.setAttribute("file",
                        file.toAbsolutePath().getParent().resolve(each.getAttribute("file")).normalize().toString())));
        child(root, "default").ifPresent(defaults -> {
            Map<String, Map<String, Element>> classes = new HashMap<>();
            for (Element each : children(defaults)) {
                Map<String, Element> byTag = classes.computeIfAbsent(each.getAttribute("class"), _ -> new HashMap<>());
                children(each).forEach(of -> byTag.put(of.getTagName(), of));
            }
            root.removeChild(defaults);
            writeOut(root, classes);
        });
        return root;
    }

    /** Reads text as it is. */
    static Element parse(String text, String source) {
        return parse(source, builder -> builder.parse(new InputSource(new StringReader(text))));
    }

    private static Element parse(Path file) {
        return parse(file.toString(), builder -> builder.parse(file.toFile()));
    }

    /** Where a document comes from. */
    private interface Reading {
        Document read(DocumentBuilder builder) throws SAXException, IOException;
    }

    private static Element parse(String file, Reading reading) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new DefaultHandler());
            return reading.read(builder).getDocumentElement();
        } catch (SAXParseException e) {
            throw new SceneException(file + ": line " + e.getLineNumber() + ": " + e.getMessage()
                    + "; expected MJCF, copy the file anew from where it came", e);
        } catch (SAXException | IOException e) {
            throw new SceneException(file + ": cannot be read (" + e + "); expected MJCF", e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Elements with a class take what it says of their kind and they do not say themselves. */
    private static void writeOut(Element element, Map<String, Map<String, Element>> classes) {
        if (element.hasAttribute("class")) {
            Element said = classes.getOrDefault(element.getAttribute("class"), Map.of()).get(element.getTagName());
            element.removeAttribute("class");
            NamedNodeMap attributes = said == null ? null : said.getAttributes();
            for (int i = 0; attributes != null && i < attributes.getLength(); i++) {
                Node each = attributes.item(i);
                if (!element.hasAttribute(each.getNodeName())) {
                    element.setAttribute(each.getNodeName(), each.getNodeValue());
                }
            }
        }
        children(element).forEach(each -> writeOut(each, classes));
    }

    static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (Node each = parent.getFirstChild(); each != null; each = each.getNextSibling()) {
            if (each instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    static List<Element> children(Element parent, String tag) {
        return children(parent).stream().filter(each -> each.getTagName().equals(tag)).toList();
    }

    static Optional<Element> child(Element parent, String tag) {
        return children(parent, tag).stream().findFirst();
    }

    /** The section of a file; a file without it is not what it should be. */
    static Element section(Element root, String tag, Path file) {
        return child(root, tag).orElseThrow(() -> new SceneException(file + ": has no <" + tag
                + ">; expected a part of a robosuite scene"));
    }

    /** All elements of a tag inside another, parents before children. */
    static List<Element> descendants(Element parent, String tag) {
        List<Element> found = new ArrayList<>();
        for (Element each : children(parent)) {
            if (each.getTagName().equals(tag)) {
                found.add(each);
            }
            found.addAll(descendants(each, tag));
        }
        return found;
    }

    static Optional<Element> named(Element parent, String tag, String name) {
        return descendants(parent, tag).stream().filter(each -> each.getAttribute("name").equals(name)).findFirst();
    }

    static Element append(Element parent, String tag, String... attributes) {
        Element element = parent.getOwnerDocument().createElement(tag);
        for (int i = 0; i < attributes.length; i += 2) {
            element.setAttribute(attributes[i], attributes[i + 1]);
        }
        parent.appendChild(element);
        return element;
    }

    static void prefix(Element element, String prefix) {
        for (String attribute : NAMES) {
            if (element.hasAttribute(attribute) && !element.getAttribute(attribute).startsWith(prefix)) {
                element.setAttribute(attribute, prefix + element.getAttribute(attribute));
            }
        }
        children(element).forEach(each -> prefix(each, prefix));
    }

    /** Whether a shape takes part in contacts; the others are for the eye. */
    static boolean isCollision(Element geom) {
        String group = geom.getAttribute("group");
        return group.isEmpty() || group.equals("0");
    }

    /** Gives collision shapes one colour, except the floor. */
    static void colourCollisions(Element world, String rgba) {
        for (Element geom : descendants(world, "geom")) {
            if (isCollision(geom) && !geom.getAttribute("name").equals("floor")) {
                geom.setAttribute("rgba", rgba);
                geom.removeAttribute("material");
            }
        }
    }

    /** Adds assets whose kind and name are not there yet. */
    static void mergeAssets(Element into, Element root) {
        Element assets = child(into, "asset").orElseGet(() -> append(into, "asset"));
        for (Element each : child(root, "asset").map(Mjcf::children).orElse(List.of())) {
            boolean there = children(assets, each.getTagName()).stream()
                    .anyMatch(other -> other.getAttribute("name").equals(each.getAttribute("name")));
            if (!there) {
                assets.appendChild(assets.getOwnerDocument().importNode(each, true));
            }
        }
    }

    /** Puts what stands in the world of {@code root} into {@code body}; its assets and sections go to {@code into}. */
    static void merge(Element into, Element body, Element root) {
        child(root, "worldbody").ifPresent(world -> children(world)
                .forEach(each -> body.appendChild(body.getOwnerDocument().importNode(each, true))));
        mergeAssets(into, root);
        for (String tag : List.of("actuator", "sensor", "tendon", "equality", "contact")) {
            child(root, tag).ifPresent(section -> {
                Element target = child(into, tag).orElseGet(() -> append(into, tag));
                children(section).forEach(each -> target.appendChild(
                        target.getOwnerDocument().importNode(each, true)));
            });
        }
    }

    static String numbers(double... values) {
        StringJoiner words = new StringJoiner(" ");
        for (double each : values) {
            words.add(Double.toString(each));
        }
        return words.toString();
    }

    /** Numbers of an attribute. */
    static double[] numbers(Element element, String attribute, Path file) {
        String text = element.getAttribute(attribute).strip();
        try {
            String[] words = text.split("\\s+");
            double[] values = new double[words.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = Double.parseDouble(words[i]);
            }
            return values;
        } catch (NumberFormatException e) {
            throw new SceneException(file + ": <" + element.getTagName() + " name=\"" + element.getAttribute("name")
                    + "\"> has " + attribute + "=\"" + text + "\", expected numbers", e);
        }
    }

    static String write(Element root) {
        try {
            Transformer transformer = TransformerFactory.newInstance().newTransformer();
            transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            StringWriter text = new StringWriter();
            transformer.transform(new DOMSource(root), new StreamResult(text));
            return text.toString();
        } catch (TransformerException e) {
            throw new IllegalStateException(e);
        }
    }
}
