package dev.carillon.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializers;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes of two versions tell each other of changes while a cluster is upgraded. The name and the form that are pinned here stay. */
class ConfigurationNewsWireTest {

    private final ActorTestKit kit = ActorTestKit.create();

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void theNewsHasTheFormThatOtherVersionsKnow() throws Exception {
        var news = new ConfigurationNews.Changed(5);
        var serializer = SerializationExtension.get(kit.system()).findSerializerFor(news);

        assertThat(Serializers.manifestFor(serializer, news)).isEqualTo("dev.carillon.node.ConfigurationNews$Changed");
        assertThat(new CBORMapper().readTree(serializer.toBinary(news)).toString())
                .isEqualTo("{\"version\":5}");
    }
}
