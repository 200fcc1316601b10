package io.github.evertoken.samples.quickstart.orders;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * A service that depends on the starter; its clients stand in
 * {@code application-orders.yml}.
 */
@SpringBootApplication
class OrdersApplication {

}
