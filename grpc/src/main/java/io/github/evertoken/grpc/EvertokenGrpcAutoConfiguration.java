package io.github.evertoken.grpc;

import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of what sends the calls of gRPC clients with tokens. Where there is
 * Spring gRPC, all its channels do, unless {@code evertoken.apply-to-grpc-channels} is
 * {@code false}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EvertokenAutoConfiguration.class,
		beforeName = "org.springframework.boot.grpc.client.autoconfigure.GrpcClientAutoConfiguration")
@ConditionalOnClass(name = "io.grpc.ClientInterceptor")
@ConditionalOnBooleanProperty(name = "evertoken.enabled", matchIfMissing = true)
@Import({ SpringChannelConfiguration.class, ChannelConfiguration.class })
public final class EvertokenGrpcAutoConfiguration {

}
