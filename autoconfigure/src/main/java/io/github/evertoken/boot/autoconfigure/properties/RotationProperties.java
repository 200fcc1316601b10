package io.github.evertoken.boot.autoconfigure.properties;

import java.time.Duration;

import io.github.evertoken.lifecycle.AfterCrash;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the authorization server does with refresh tokens that it has rotated, as far as
 * instances that share them have to know it.
 *
 * @param afterCrash With a shared store, what is done with a refresh token that another
 * instance may have redeemed before it died: retry it, or sign out.
 * @param grace With a shared store, for how long the authorization server takes a refresh
 * token again that was rotated.
 * @since 0.1.0
 */
public record RotationProperties(@DefaultValue("retry") AfterCrash afterCrash, @DefaultValue("0s") Duration grace) {

}
