package orders;

interface Registrations {

	String BILLING = "billing";

}
