package dev.carillon.telephony.asterisk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.protocol.box.BoxTrouble;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RequirementsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final List<String> ALL = List.of(
            "app_stasis",
            "chan_pjsip",
            "func_channel",
            "func_timeout",
            "res_ari_applications",
            "res_ari_bridges",
            "res_ari_channels",
            "res_ari_events",
            "res_ari_playbacks",
            "res_musiconhold",
            "res_stasis_answer",
            "res_stasis_playback",
            "app_channelredirect",
            "app_queue");

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Requirements.Result judge(String version, List<String> modules, String dialplan) {
        var list = modules.stream()
                .map(name -> "{\"name\":\"" + name + ".so\",\"status\":\"Running\"}")
                .collect(Collectors.joining(",", "[", "]"));
        return Requirements.judge(
                json("{\"system\":{\"version\":\"" + version + "\"},\"status\":{\"startup_time\":\"then\"}}"),
                new AriReply(200, json(list), ""),
                new AriReply(200, json("{\"value\":\"" + dialplan + "\"}"), ""));
    }

    @Test
    void oldAndNewBoxesFit() {
        assertThat(judge("22.10.1+dfsg+~cs6.17", ALL, "1"))
                .isEqualTo(new Requirements.Result.Fits("22.10.1+dfsg+~cs6.17", "then"));
        assertThat(judge("20.5.0", ALL, "1")).isInstanceOf(Requirements.Result.Fits.class);
    }

    @Test
    void whatIsMissingIsSaidByName() {
        var fails = (Requirements.Result.Fails) judge("18.1.0", ALL.subList(1, ALL.size()), "");
        assertThat(fails.trouble()).isEqualTo(BoxTrouble.BOX_MISCONFIGURED);
        assertThat(fails.detail()).contains("18.1.0", "app_stasis.so", "extensions.conf", "README.md");
    }

    @Test
    void whatABoxLacksWhileItStartsMayStillCome() {
        for (var lacking : List.of(judge("22.10.1", ALL.subList(1, ALL.size()), "1"), judge("22.10.1", ALL, ""))) {
            assertThat(((Requirements.Result.Fails) lacking).trouble()).isEqualTo(BoxTrouble.BOX_STARTING);
        }
        assertThat(failure(404)).isEqualTo(BoxTrouble.BOX_STARTING);
        assertThat(failure(503)).isEqualTo(BoxTrouble.BOX_UNREACHABLE);
        assertThat(failure(400)).isEqualTo(BoxTrouble.BOX_MISCONFIGURED);
    }

    private static BoxTrouble failure(int status) {
        return ((Requirements.Result.Fails) Requirements.failure(new AriReply(status, json("{}"), ""))).trouble();
    }

    @Test
    void aRefusalAndSilenceAreDifferentThings() {
        assertThat(failure(401)).isEqualTo(BoxTrouble.BOX_REFUSED_PASSWORD);
        assertThat(((Requirements.Result.Fails) Requirements.failure(AriReply.none("connection refused"))).trouble())
                .isEqualTo(BoxTrouble.BOX_UNREACHABLE);
    }
}
