//! Twilio's published algorithm, written down a second time: SHA-1 and SHA-256 from FIPS 180-4,
//! HMAC from RFC 2104, base64 from RFC 4648. Shares nothing with the crate or what it depends on.

use std::collections::{BTreeMap, BTreeSet};

/// The message in blocks of 64 bytes: a bit, zeros, the length in bits.
fn blocks(message: &[u8]) -> Vec<[u32; 16]> {
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend((message.len() as u64 * 8).to_be_bytes());
    let word = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().unwrap());
    let block = |bytes: &[u8]| std::array::from_fn(|i| word(&bytes[4 * i..4 * i + 4]));
    padded.chunks(64).map(block).collect()
}

pub(crate) fn sha1(message: &[u8]) -> Vec<u8> {
    let mut state: [u32; 5] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
    for block in blocks(message) {
        let mut w = block.to_vec();
        for t in 16..80 {
            w.push((w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16]).rotate_left(1));
        }
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for (t, word) in w.iter().enumerate() {
            let (f, k) = match t {
                0..20 => ((b & c) | (!b & d), 0x5a827999),
                20..40 => (b ^ c ^ d, 0x6ed9eba1),
                40..60 => ((b & c) | (b & d) | (c & d), 0x8f1bbcdc),
                _ => (b ^ c ^ d, 0xca62c1d6_u32),
            };
            let next = [a.rotate_left(5), f, e, k, *word]
                .into_iter()
                .fold(0, u32::wrapping_add);
            (a, b, c, d, e) = (next, a, b.rotate_left(30), c, d);
        }
        for (sum, word) in state.iter_mut().zip([a, b, c, d, e]) {
            *sum = sum.wrapping_add(word);
        }
    }
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// The first 32 bits of the fractions of roots of the first primes, computed, not copied: exact
/// integer roots of p · 2^64 (square) and p · 2^96 (cube).
fn fractions(count: usize, power: u32) -> Vec<u32> {
    let primes = (2u128..).filter(|n| (2..*n).all(|d| n % d != 0));
    let root = |p: u128| {
        let target = p << (32 * power);
        let (mut low, mut high) = (0u128, 1 << 42);
        while high - low > 1 {
            let middle = (low + high) / 2;
            match middle.checked_pow(power) {
                Some(value) if value <= target => low = middle,
                _ => high = middle,
            }
        }
        low as u32
    };
    primes.take(count).map(root).collect()
}

pub(crate) fn sha256(message: &[u8]) -> Vec<u8> {
    let k = fractions(64, 3);
    let mut state = fractions(8, 2);
    for block in blocks(message) {
        let mut w = block.to_vec();
        for t in 16..64 {
            let (x, y) = (w[t - 15], w[t - 2]);
            let s0 = x.rotate_right(7) ^ x.rotate_right(18) ^ (x >> 3);
            let s1 = y.rotate_right(17) ^ y.rotate_right(19) ^ (y >> 10);
            w.push(
                w[t - 16]
                    .wrapping_add(s0)
                    .wrapping_add(w[t - 7])
                    .wrapping_add(s1),
            );
        }
        let mut v = state.clone();
        for t in 0..64 {
            let (a, b, c, e, f, g) = (v[0], v[1], v[2], v[4], v[5], v[6]);
            let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let one = [v[7], s1, (e & f) ^ (!e & g), k[t], w[t]]
                .into_iter()
                .fold(0, u32::wrapping_add);
            let two = s0.wrapping_add((a & b) ^ (a & c) ^ (b & c));
            v.pop();
            v.insert(0, one.wrapping_add(two));
            v[4] = v[4].wrapping_add(one);
        }
        for (sum, word) in state.iter_mut().zip(v) {
            *sum = sum.wrapping_add(word);
        }
    }
    state.iter().flat_map(|word| word.to_be_bytes()).collect()
}

pub(crate) fn hmac_sha1(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut key = if key.len() > 64 {
        sha1(key)
    } else {
        key.to_vec()
    };
    key.resize(64, 0);
    let padded = |pad: u8, rest: &[u8]| {
        let mut text: Vec<u8> = key.iter().map(|byte| byte ^ pad).collect();
        text.extend(rest);
        sha1(&text)
    };
    padded(0x5c, &padded(0x36, message))
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let all = (0..3).fold(0u32, |all, i| {
            all << 8 | u32::from(*group.get(i).unwrap_or(&0))
        });
        for i in 0..4 {
            text.push(match i > group.len() {
                true => '=',
                false => DIGITS[(all >> (18 - 6 * i) & 63) as usize].into(),
            });
        }
    }
    text
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Signs a URL and parameters.
pub(crate) fn sign(token: &str, url: &str, parameters: &[(String, String)]) -> String {
    let mut sorted: BTreeMap<&[u8], BTreeSet<&[u8]>> = BTreeMap::new();
    for (name, value) in parameters {
        sorted
            .entry(name.as_bytes())
            .or_default()
            .insert(value.as_bytes());
    }
    let mut text = url.as_bytes().to_vec();
    for (name, values) in sorted {
        for value in values {
            text.extend(name);
            text.extend(value);
        }
    }
    base64(&hmac_sha1(token.as_bytes(), &text))
}

#[test]
fn the_oracle_fits_the_standards_own_examples() {
    assert_eq!(
        hex(&sha1(b"abc")),
        "a9993e364706816aba3e25717850c26c9cd0d89d"
    );
    assert_eq!(
        hex(&sha256(b"abc")),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    // RFC 2202, cases 2 and 6.
    assert_eq!(
        hex(&hmac_sha1(b"Jefe", b"what do ya want for nothing?")),
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
    );
    let long = b"Test Using Larger Than Block-Size Key - Hash Key First";
    assert_eq!(
        hex(&hmac_sha1(&[0xaa; 80], long)),
        "aa4ae5e15272d00e95705637ce8a3b55ed402112"
    );
    assert_eq!(
        ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes())),
        ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]
    );
}
