//! The smallest font there can be: a box for each of a few characters.

/// The bytes of a TrueType font in which each of `chars` is a filled square.
pub(crate) fn boxes(chars: &str) -> Vec<u8> {
    let mut chars: Vec<u16> = chars.encode_utf16().collect();
    chars.sort_unstable();
    chars.dedup();
    let glyphs = chars.len() as u16 + 1;

    // Glyph 0 has no outline; the others are the same square, from (100, 0) to (900, 800).
    let mut square = words(&[1, 100, 0, 900, 800, 3, 0]);
    square.extend([1; 4]);
    square.extend(words(&[100, 800, 0, -800_i16 as u16, 0, 0, 800, 0]));
    let mut glyf = Vec::new();
    let mut loca = vec![0, 0];
    for _ in &chars {
        glyf.extend(&square);
        loca.push(glyf.len() as u16 / 2);
    }

    // Format 4: a segment for each character, then the one that ends the table.
    let segments = chars.len() as u16 + 1;
    let ends = chars.iter().copied().chain([0xffff]);
    let deltas = (1..)
        .zip(&chars)
        .map(|(id, c): (u16, &u16)| id.wrapping_sub(*c));
    let mut cmap = vec![
        0,
        1,
        3,
        1,
        0,
        12,
        4,
        16 + 8 * segments,
        0,
        2 * segments,
        0,
        0,
        0,
    ];
    cmap.extend(ends.clone());
    cmap.push(0);
    cmap.extend(ends);
    cmap.extend(deltas.chain([1]));
    cmap.extend(vec![0; segments.into()]);

    let metrics: Vec<u16> = (0..glyphs).flat_map(|_| [1000, 100]).collect();
    let head = [
        1, 0, 0, 0, 0, 0, 0x5f0f, 0x3cf5, 0, 1000, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
    let head = [&head[..], &[0, 0, 1000, 1000, 0, 8, 2, 0, 0]].concat();
    let hhea = [
        1,
        0,
        900,
        -100_i16 as u16,
        0,
        1000,
        0,
        0,
        1000,
        1,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        glyphs,
    ];
    let maxp = [1, 0, glyphs, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
    tables(&[
        (b"cmap", words(&cmap)),
        (b"glyf", glyf),
        (b"head", words(&head)),
        (b"hhea", words(&hhea)),
        (b"hmtx", words(&metrics)),
        (b"loca", words(&loca)),
        (b"maxp", words(&maxp)),
    ])
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn tables(tables: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut file = words(&[1, 0, tables.len() as u16, 0, 0, 0]);
    let mut at = file.len() + 16 * tables.len();
    for (name, table) in tables {
        file.extend(name.iter());
        for number in [0, at as u32, table.len() as u32] {
            file.extend(number.to_be_bytes());
        }
        at += table.len().next_multiple_of(4);
    }
    for (_, table) in tables {
        file.extend(table);
        file.resize(file.len().next_multiple_of(4), 0);
    }
    file
}
