package io.github.evertoken.test.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port that refuses connections: nobody listens at it, and as it is taken until the
 * process ends, no server of another process gets it meanwhile, as it might get one that
 * was only free a moment ago.
 */
public final class DeafPort {

	private static final Socket SOCKET = bind();

	private DeafPort() {
	}

	private static Socket bind() {
		try {
			Socket socket = new Socket();
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			return socket;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the address.
	 * @return the loopback address, with the port
	 */
	public static InetSocketAddress address() {
		return (InetSocketAddress) SOCKET.getLocalSocketAddress();
	}

	/**
	 * Return the port.
	 * @return the port
	 */
	public static int get() {
		return SOCKET.getLocalPort();
	}

}
