package orders;

import org.springframework.boot.context.properties.ConfigurationProperties;

@ConfigurationProperties("services")
record Services(String baseUrl) {
}
