package io.github.evertoken.redis;

import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import io.github.evertoken.redis.RecordNames.RecordName;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts what rests in a record: JWE in its compact form (RFC 7516), {@code dir} with
 * {@code A256GCM}. The protected header has the name of the key and that of the record.
 */
final class RecordCipher {

	// Each record is encrypted with a key of its own, which is made from the configured
	// one
	// and the record's name. So what was copied from another record cannot be decrypted
	// whatever its header says, and no key is used with so many random nonces that two of
	// them might be equal: NIST SP 800-38D, section 8.3, allows 2^32, and a large fleet
	// is
	// there within months.

	private static final String RECORD = "rec";

	private final EncryptionKeys keys;

	private final Map<String, Digest> derivations = new ConcurrentHashMap<>();

	RecordCipher(EncryptionKeys keys) {
		this.keys = keys;
	}

	String encrypt(RecordName record, Map<String, Object> members) {
		EncryptionKey key = this.keys.first();
		JWEHeader header = new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM).keyID(key.id())
			.customParam(RECORD, record.name())
			.build();
		JWEObject jwe = new JWEObject(header, new Payload(members));
		try {
			jwe.encrypt(new DirectEncrypter(secret(key, record)));
			return jwe.serialize();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException("Cannot encrypt with the key '" + key.id() + "'", ex);
		}
	}

	/**
	 * Decrypt what rests in a record.
	 * @throws UnreadableRecordException if it was encrypted with a key that is not there,
	 * for another record, or by nobody of us
	 */
	Map<String, Object> decrypt(RecordName record, String text) throws UnreadableRecordException {
		String id = null;
		try {
			JWEObject jwe = JWEObject.parse(text);
			id = jwe.getHeader().getKeyID();
			EncryptionKey key = (id != null) ? this.keys.get(id) : null;
			if (key == null) {
				throw new UnreadableRecordException(id, "there is no such key");
			}
			requireOurs(jwe.getHeader(), record);
			jwe.decrypt(new DirectDecrypter(secret(key, record)));
			Map<String, Object> members = jwe.getPayload().toJSONObject();
			if (members == null) {
				throw new UnreadableRecordException(id, "it is not what this library writes");
			}
			return members;
		}
		catch (ParseException | JOSEException ex) {
			throw new UnreadableRecordException(id,
					"that key is not the one it was encrypted with, or somebody has changed it");
		}
	}

	/**
	 * No other algorithm is tried, whatever a header asks for.
	 */
	private static void requireOurs(JWEHeader header, RecordName record) throws UnreadableRecordException {
		if (!JWEAlgorithm.DIR.equals(header.getAlgorithm())
				|| !EncryptionMethod.A256GCM.equals(header.getEncryptionMethod())
				|| header.getCompressionAlgorithm() != null) {
			throw new UnreadableRecordException(header.getKeyID(), "it is not encrypted as this library does it");
		}
		if (!record.name().equals(header.getCustomParam(RECORD))) {
			throw new UnreadableRecordException(header.getKeyID(), "it was written for another record");
		}
	}

	private byte[] secret(EncryptionKey key, RecordName record) {
		return this.derivations.computeIfAbsent(key.id(), (id) -> new Digest(key.secret(), "evertoken/records"))
			.of(List.of(record.name()));
	}

	/**
	 * A record that cannot be decrypted.
	 */
	static final class UnreadableRecordException extends Exception {

		private static final long serialVersionUID = 1L;

		private final @Nullable String keyId;

		UnreadableRecordException(@Nullable String keyId, String reason) {
			super(reason);
			this.keyId = keyId;
		}

		/**
		 * Return the name of the key that it is said to be encrypted with.
		 * @return the name, or {@code null} if it does not say one that a key may have
		 */
		@Nullable String keyId() {
			return (this.keyId != null && EncryptionKey.isId(this.keyId)) ? this.keyId : null;
		}

	}

}
