package io.github.evertoken.boot.autoconfigure.actuator;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How one subject's keys are.
 *
 * @param subject the subject
 * @param key its own key, if anything is held of it
 * @param varied the keys that parameters vary
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SubjectReport(String subject, @Nullable KeyReport key, List<VariedKeyReport> varied) {

}
