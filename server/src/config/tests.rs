use super::*;

fn read(toml: &str, environment: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("haigou.toml");
    std::fs::write(&file, toml).unwrap();
    let environment = environment
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    Settings::read_from(Some(&file), environment.collect())
}

#[test]
fn nothing_set_is_the_default() {
    assert_eq!(read("", &[]), Ok(Settings::default()));
}

#[test]
fn the_example_shows_every_setting_with_its_default() {
    let example = include_str!("../../haigou.example.toml");
    assert_eq!(read(example, &[]), Ok(Settings::default()));
    for (key, value) in serde_json::to_value(Settings::default())
        .unwrap()
        .as_object()
        .unwrap()
    {
        let nested = value.as_object().into_iter().flat_map(|table| table.keys());
        for name in nested.chain([key]) {
            assert!(
                example.contains(&format!("{name} = ")) || example.contains(&format!("{name}]")),
                "{name}"
            );
        }
    }
}

#[test]
fn the_environment_wins_over_the_file() {
    let toml = "db = 'sqlite:file.db'\nqueue = 7\nlaunch = '2026-02-28'\n[web]\ntimeout_s = 3";
    let settings = read(
        toml,
        &[
            ("HAIGOU_DB", "sqlite:env.db"),
            ("HAIGOU_LISTEN", "127.0.0.1:0"),
            ("HAIGOU_WEB__CODES__PER_HOUR", "9"),
            ("HAIGOU_WEB__CODE_SECRET", "00000000000000000000000000000012345"),
            ("HAIGOU_RULEBOOK", ""),
            ("HAIGOU_DATA", "not a setting"),
            ("HAIGOU", "not a setting"),
        ],
    )
    .unwrap();
    assert_eq!(settings.db, "sqlite:env.db");
    assert_eq!(settings.listen.port(), 0);
    assert_eq!(
        (
            settings.queue,
            settings.web.timeout_s,
            settings.web.codes.per_hour
        ),
        (7, 3, 9)
    );
    assert_eq!(settings.web.code_secret, "00000000000000000000000000000012345");
    assert_eq!(settings.rulebook, "classic");
    assert_eq!(
        settings.launch.map(|day| day.to_string()),
        Some("2026-02-28".to_owned())
    );
}

#[test]
fn a_bad_one_is_refused_by_its_name() {
    for (toml, name) in [
        ("dbb = 'x'", "dbb"),
        ("[web]\nbody_limitt = 3", "body_limitt"),
        ("queue = 0", "queue"),
        ("batch = 0", "batch"),
        ("queue = 'many'", "queue"),
        ("listen = 'somewhere'", "listen"),
        ("mode = 'test'", "mode"),
        ("sms = 'pigeon'", "sms"),
        ("launch = '2026-02-30'", "launch"),
        ("[web]\ntimeout_s = 0", "timeout_s"),
        ("queue = ", "haigou.toml"),
    ] {
        let refused = read(toml, &[]).unwrap_err().to_string();
        assert!(refused.contains(name), "{toml}: {refused}");
    }
    let refused = read("", &[("HAIGOU_QUEUE", "-1")]).unwrap_err().to_string();
    assert!(refused.contains("queue"), "{refused}");
    assert!(Settings::read_from(Some(Path::new("/nowhere/haigou.toml")), [].into()).is_err());
}

#[test]
fn production_needs_its_secret() {
    let open = "listen = '0.0.0.0:80'";
    for toml in ["mode = 'production'", open] {
        let refused = read(toml, &[]).unwrap_err();
        assert!(matches!(refused, SettingsError::Refused { key, .. } if key == "web.code_secret"));
    }
    let secret = [("HAIGOU_WEB__CODE_SECRET", "0123456789abcdef0123456789abcdef")];
    assert_eq!(read(open, &secret).unwrap().mode(), Mode::Production);
    assert_eq!(
        read(open, &[("HAIGOU_MODE", "development")]).unwrap().mode(),
        Mode::Development
    );
    assert_eq!(read("", &[]).unwrap().mode(), Mode::Development);
}

#[test]
fn metrics_have_an_address_of_their_own() {
    for (listen, expected) in [
        ("0.0.0.0:8787", "127.0.0.1:9787"),
        ("127.0.0.1:0", "127.0.0.1:0"),
        ("127.0.0.1:65000", "127.0.0.1:0"),
    ] {
        let settings = Settings {
            listen: listen.parse().unwrap(),
            ..Settings::default()
        };
        assert_eq!(settings.metrics_address().to_string(), expected);
    }
}
