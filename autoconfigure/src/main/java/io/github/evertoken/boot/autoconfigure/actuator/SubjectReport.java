package io.github.evertoken.boot.autoconfigure.actuator;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How one subject's keys are.
 *
 * @param subject the subject
 * @param key its own key, if anything is held of it
 * @param varied the keys that parameters vary
 */
record SubjectReport(String subject, @Nullable KeyReport key, List<VariedKeyReport> varied) {

}
