//! Invite codes, and what people call themselves.

/// Without letters and digits that look alike (0 O, 1 I L, 5 S, U V).
const INVITE_LETTERS: &[u8] = b"2346789ABCDEFGHJKMNPQRTVWXYZ";
const INVITE_LEN: usize = 8;

/// A new invite code.
#[must_use]
pub(super) fn new_invite_code() -> String {
    (0..INVITE_LEN)
        .filter_map(|_| INVITE_LETTERS.get(rand::random_range(0..INVITE_LETTERS.len())))
        .map(|&letter| char::from(letter))
        .collect()
}

/// An invite code as somebody typed it: blanks and dashes left out, in capitals. Nothing, if he left it out; a text
/// that nobody has, if it can't be one.
#[must_use]
pub(super) fn typed_invite_code(text: &str) -> Option<String> {
    let code: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .take(INVITE_LEN + 1)
        .collect();
    (!code.is_empty()).then_some(code)
}

/// A text that a person chose, without blanks around it; none if it is empty, longer than `most` characters, or holds
/// characters that can't be seen.
#[must_use]
pub(crate) fn chosen_text(text: &str, most: usize) -> Option<&str> {
    let text = text.trim();
    let fits = (1..=most).contains(&text.chars().take(most + 1).count());
    (fits && !text.chars().any(is_unseen)).then_some(text)
}

/// A text without the characters that can't be seen: for names that a system chose.
#[must_use]
pub(super) fn without_unseen(text: &str, most: usize) -> String {
    text.chars().filter(|c| !is_unseen(*c)).take(most + 1).collect()
}

/// Control characters, and those that turn the direction of a line or take no room.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invite_codes_are_read_as_people_type_them() {
        let code = new_invite_code();
        assert_eq!(code.len(), 8);
        assert!(!code.contains(['0', 'O', '1', 'I', 'L', '5', 'S', 'U']), "{code}");
        let (head, tail) = code.split_at(4);
        assert_eq!(
            typed_invite_code(&format!(" {}-{tail} ", head.to_lowercase())),
            Some(code.clone())
        );
        assert_eq!(typed_invite_code(" - "), None);
        assert_eq!(
            typed_invite_code(&"A".repeat(65_536)).map(|code| code.len()),
            Some(9)
        );
    }

    #[test]
    fn a_chosen_text_is_short_and_seen() {
        assert_eq!(chosen_text(" 小明 ", 32), Some("小明"));
        assert_eq!(chosen_text(&"名".repeat(32), 32), Some("名".repeat(32).as_str()));
        for bad in [
            "",
            "  ",
            &"名".repeat(33),
            "a\0b",
            "a\nb",
            "\u{202e}evil",
            "\u{200b}",
            &"x".repeat(65_536),
        ] {
            assert_eq!(chosen_text(bad, 32), None, "{bad:.40}");
        }
        assert_eq!(chosen_text("👨‍👩‍👧", 32), Some("👨‍👩‍👧"));
    }
}
