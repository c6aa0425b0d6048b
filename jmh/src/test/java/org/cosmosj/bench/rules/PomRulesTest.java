package org.cosmosj.bench.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class PomRulesTest {
    private static final String OWN = "[groupId='org.cosmosj' and not(type)]/artifactId";

    @Test
    void theBomListsEveryModuleInTheVersionOfTheReactor() throws Exception {
        Document bom = read(".mvn/bom/pom.xml");

        assertThat(texts(bom, "/project/dependencyManagement/dependencies/dependency" + OWN))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Module.values()).map(m -> "cosmosj-" + m.folder()).toList());
        assertThat(texts(bom, "/project/version")).isEqualTo(texts(read("pom.xml"), "/project/version"));
        assertThat(texts(bom, "/project/parent")).isEmpty();
    }

    @Test
    void theReactorBuildsEveryModule() throws Exception {
        assertThat(texts(read("pom.xml"), "/project/modules/module"))
                .containsAll(Arrays.stream(Module.values()).map(Module::folder).toList());
    }

    @ParameterizedTest
    @EnumSource
    void aModuleDependsOnWhatItsLayerMayKnow(Module module) throws Exception {
        Document pom = read(module.folder() + "/pom.xml");

        assertThat(texts(pom, "/project/dependencies/dependency[not(scope='test')]" + OWN))
                .isSubsetOf(module.uses().stream().map(m -> "cosmosj-" + m.folder()).toList());
        assertThat(texts(pom, "/project/properties/cosmosj.module")).containsExactly(module.root());
    }

    private static Document read(String file) throws Exception {
        Path pom = Repository.root().resolve(file);
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
    }

    private static List<String> texts(Document pom, String path) throws Exception {
        NodeList nodes = (NodeList) XPathFactory.newInstance().newXPath().evaluate(path, pom, XPathConstants.NODESET);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent().strip());
        }
        return texts;
    }
}
