package io.github.evertoken.samples.springsecurity.orders;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * A reactive service that logs its users in with Spring Security, and calls an inventory
 * in its own name and in theirs. Its clients stand in {@code application-orders.yml}.
 */
@SpringBootApplication
public class OrdersApplication {

}
