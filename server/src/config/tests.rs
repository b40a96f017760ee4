//! Layers, defaults, and errors of options.

use super::*;
use reelroom_domain::user::Role;
use std::{fs, path::Path};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[expect(clippy::unnecessary_wraps, reason = "an option as it is given")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// The configuration from these options and this file.
fn with_file(options: Options, file: &str) -> Result<Config, String> {
    let folder = folder();
    let path = folder.path().join("own.toml");
    fs::write(&path, file).unwrap();
    Config::from_options(Options {
        config: Some(path.clone()),
        ..options
    })
    .map_err(|error| {
        error
            .to_string()
            .replace(path.to_str().unwrap(), "own.toml")
    })
}

/// The error of this file.
fn refused(file: &str) -> String {
    let error = with_file(Options::default(), file).unwrap_err();
    assert!(!error.contains('\n'), "{error}");
    error
}

#[test]
fn the_defaults_follow_the_contract() {
    let config = with_file(Options::default(), "").unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.data_dir, Path::new("./data"));
    assert_eq!(
        config.database_url,
        DatabaseUrl::Sqlite("./data/reelroom.db".into())
    );
    assert_eq!(
        config.storage_url,
        StorageLocation::Folder("./data/files".into())
    );
    assert_eq!(config.fetch, FetchLimits::default());
    assert_eq!(config.delivery, Delivery::Direct);
    assert!(config.pictures);
    assert_eq!(config.public_url, None);
    assert!(!config.sandbox);
    assert_eq!(config.sandbox_listen.to_string(), "127.0.0.1:3100");
    assert!(config.callback_secrets.is_empty());
    assert_eq!(config.callback_auth, CallbackAuth::Secret);
    assert_eq!(
        config.secret_key,
        SecretKeySource::File("./data/secret.key".into())
    );
    assert!(config.metrics_from.is_empty());
    assert_eq!(config.log_format, LogFormat::Text);
    assert!(config.admin.is_none());
    assert!(config.oidc.is_none());
}

#[test]
fn options_override_the_file_and_the_file_the_defaults() {
    let file = "listen = '127.0.0.1:1'\nsandbox = true\nsandbox_listen = '127.0.0.1:2'";
    let options = Options {
        listen: text("127.0.0.1:9"),
        sandbox: Some(false),
        ..Options::default()
    };
    let config = with_file(options, file).unwrap();
    assert_eq!(config.listen.port(), 9);
    assert!(!config.sandbox);
    assert_eq!(config.sandbox_listen.port(), 2);
    let config = with_file(Options::default(), file).unwrap();
    assert_eq!(config.listen.port(), 1);
    assert!(config.sandbox);
}

#[test]
fn every_option_is_a_key_of_the_file() {
    let file = "
        listen = '0.0.0.0:80'
        data_dir = '/srv/r'
        database_url = 'postgres://u:p@h/db'
        storage_url = 's3://bucket/prefix'
        fetch_at_once = 8
        fetch_per_host = '2'
        fetch_bandwidth = '10M'
        disk_reserve = 0
        file_offload = 'none'
        s3_redirect = true
        pictures = 'off'
        public_url = 'https://rec.example.com'
        sandbox = true
        sandbox_listen = '127.0.0.1:4'
        callback_secret = ['first-secret-16ch', 'second-secret-16']
        callback_auth = 'secret,ip'
        callback_from = ['203.0.113.7', '198.51.100.0/24']
        trusted_proxies = '127.0.0.1'
        metrics_from = ['10.0.0.0/8', '2001:db8::/32']
        log_format = 'json'
        secret_key = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'
        admin_user = 'admin'
        admin_password = 'correct horse'
        oidc_issuer = 'https://id.example.com/realms/x'
        oidc_client_id = 'reelroom'
        oidc_client_secret = 's'
        oidc_name = 'Office'
        oidc_groups_claim = 'roles'
        oidc_admin_group = 'admins'
        oidc_operator_group = 'ops'
        oidc_auditor_group = 'audit'
    ";
    let config = with_file(Options::default(), file).unwrap();
    assert_eq!(config.data_dir, Path::new("/srv/r"));
    assert_eq!(config.callback_secrets[1].reveal(), "second-secret-16");
    let networks = ["203.0.113.7/32", "198.51.100.0/24"].map(|text| text.parse().unwrap());
    assert_eq!(
        config.callback_auth,
        CallbackAuth::SecretFrom(networks.to_vec())
    );
    assert_eq!(config.trusted_proxies.len(), 1);
    let readers: [IpNet; 2] = ["10.0.0.0/8", "2001:db8::/32"].map(|text| text.parse().unwrap());
    assert_eq!(config.metrics_from, readers);
    assert_eq!(config.log_format, LogFormat::Json);
    assert!(matches!(config.secret_key, SecretKeySource::Given(_)));
    assert_eq!(config.admin.unwrap().0, "admin");
    assert!(matches!(config.storage_url, StorageLocation::S3(_)));
    let fetch = FetchLimits {
        at_once: 8,
        per_host: 2,
        bandwidth: Some(10_000_000),
        reserve_percent: 0,
        ..FetchLimits::default()
    };
    assert_eq!(config.fetch, fetch);
    assert_eq!(config.delivery, Delivery::Bucket);
    assert!(!config.pictures);
    assert!(matches!(config.database_url, DatabaseUrl::Postgres(_)));
    let oidc = config.oidc.unwrap();
    assert_eq!(oidc.issuer.as_str(), "https://id.example.com/realms/x");
    assert_eq!(oidc.client_secret.unwrap().reveal(), "s");
    assert_eq!(oidc.name.as_deref(), Some("Office"));
    assert_eq!(oidc.groups_claim, "roles");
    assert_eq!(oidc.roles[2], ("audit".to_owned(), Role::Auditor));
}

#[test]
fn a_key_may_be_spelled_like_its_option() {
    let file = "callback-auth = 'open'\nfetch-at-once = 8\ntrusted-proxies = ['127.0.0.1']";
    let config = with_file(Options::default(), file).unwrap();
    assert_eq!(config.callback_auth, CallbackAuth::Open);
    assert_eq!(config.fetch.at_once, 8);
    assert_eq!(config.trusted_proxies.len(), 1);
    let given = Options {
        callback_auth: text("secret"),
        ..Options::default()
    };
    let config = with_file(given, file).unwrap();
    assert_eq!(config.callback_auth, CallbackAuth::Secret);
}

#[test]
fn single_sign_on_needs_an_issuer_and_a_client() {
    let issuer = text("https://id.example.com");
    let config = |oidc_issuer, oidc_client_id| {
        let options = Options {
            oidc_issuer,
            oidc_client_id,
            ..Options::default()
        };
        with_file(options, "")
    };
    let oidc = config(issuer.clone(), text("reelroom"))
        .unwrap()
        .oidc
        .unwrap();
    assert_eq!(
        (oidc.groups_claim.as_str(), oidc.roles.len()),
        ("groups", 0)
    );
    let alone = "--oidc-issuer: --oidc-issuer and --oidc-client-id belong together";
    assert_eq!(config(issuer, None).unwrap_err(), alone);
    assert_eq!(config(None, text("reelroom")).unwrap_err(), alone);
    let plain = config(text("http://id.example.com"), text("reelroom")).unwrap_err();
    assert!(plain.starts_with("--oidc-issuer: this is not"), "{plain}");
}

#[test]
fn secrets_are_a_list_or_separated_by_commas() {
    let file = "callback_secret = 'first-secret-16ch,second-secret-16'";
    let config = with_file(Options::default(), file).unwrap();
    assert_eq!(config.callback_secrets.len(), 2);
}

#[test]
fn the_file_in_the_data_folder_is_optional() {
    let folder = folder();
    let options = Options {
        data_dir: text(folder.path().to_str().unwrap()),
        ..Options::default()
    };
    assert_eq!(
        Config::from_options(options.clone()).unwrap().listen.port(),
        3000
    );
    fs::write(
        folder.path().join("reelroom.toml"),
        "listen = '127.0.0.1:7'",
    )
    .unwrap();
    let config = Config::from_options(options).unwrap();
    assert_eq!(config.listen.port(), 7);
    assert_eq!(
        config.storage_url,
        StorageLocation::Folder(folder.path().join("files"))
    );
}

#[test]
fn a_named_file_must_exist() {
    let options = Options {
        config: Some("/nowhere/r.toml".into()),
        ..Options::default()
    };
    let error = Config::from_options(options).unwrap_err().to_string();
    assert_eq!(
        error,
        "cannot read /nowhere/r.toml: No such file or directory (os error 2)"
    );
}

/// Each line of these cases is a file, with `; ` between its lines, and its error.
fn assert_refused(cases: &str) {
    for case in cases.lines() {
        let (file, expected) = case.trim().split_once(" => ").unwrap();
        assert_eq!(refused(&file.replace("; ", "\n")), expected);
    }
}

#[test]
fn an_error_in_the_file_is_one_line_without_secrets() {
    assert_refused(
        "lisen = 'x' => own.toml: there is no option `lisen`
        lisen = '' => own.toml: there is no option `lisen`
        config = 'x' => own.toml: there is no option `config`
        listen = 3 => own.toml: `listen`: this is not a string
        sandbox = 'maybe' => own.toml: `sandbox`: this is not a boolean
        admin_password = 12345 => own.toml: `admin_password`: this is not a string
        callback_secret = 7 => own.toml: `callback_secret`: a text or a list of texts
        fetch_at_once = -1 => own.toml: `fetch_at_once`: a text or a whole number
        listen => own.toml: TOML parse error at line 1, column 7: expected `.`, `=`",
    );
}

#[test]
fn a_wrong_value_is_named_in_one_line() {
    assert_refused(
        "listen = '3000' => --listen: `3000` is not an address and port such as 127.0.0.1:3000
        database_url = 'mysql://u:s3cret@h/d' => --database-url: a database URL begins with `sqlite:` or `postgres://`
        storage_url = 'ftp://u:s3cret@h' => --storage-url: this is neither file:<folder> nor s3://bucket/prefix
        storage_url = 'file:/srv/files'; file_offload = 'nginx' => --file-offload: `nginx` is none of none; x-accel; x-sendfile
        storage_url = 's3://bucket'; file_offload = 'x-accel' => --file-offload: a proxy can read a folder only, and --storage-url is a bucket
        s3_redirect = true => --s3-redirect: only a bucket has addresses to redirect to, and --storage-url is a folder
        public_url = 'rec.example.com' => --public-url: `rec.example.com` is not an address such as https://rec.example.com
        callback_auth = 'none' => --callback-auth: `none` is none of secret; secret,ip; ip; open
        callback_auth = 'ip' => --callback-auth: `ip` needs the addresses in --callback-from
        callback_from = '203.0.113.0/33' => --callback-from: `203.0.113.0/33` is neither an address nor a network such as 203.0.113.0/24
        callback_secret = 'short' => --callback-secret: a secret has at least 16 characters, only of A-Z a-z 0-9 - _ . ~
        secret_key = 'too short' => --secret-key: a key is 32 bytes: 64 hexadecimal digits, or 44 characters of base64
        admin_user = 'admin' => --admin-user: --admin-user and --admin-password belong together
        pictures = 'no' => --pictures: `no` is neither on nor off
        log_format = 'xml' => --log-format: `xml` is neither text nor json
        fetch_at_once = 0 => --fetch-at-once: `0` is not a whole number from 1 to 64
        fetch_per_host = 'many' => --fetch-per-host: `many` is not a whole number from 1 to 64
        disk_reserve = 91 => --disk-reserve: `91` is not a whole number from 0 to 90",
    );
}

#[test]
fn a_bandwidth_is_bytes_a_second_with_a_unit() {
    let file = |typed: &str| format!("fetch_bandwidth = '{typed}'");
    for (typed, bytes) in [
        ("1", 1),
        ("500k", 500_000),
        (" 10M ", 10_000_000),
        ("1G", 1_000_000_000),
    ] {
        let config = with_file(Options::default(), &file(typed)).unwrap();
        assert_eq!(config.fetch.bandwidth, Some(bytes), "{typed}");
    }
    for typed in [
        "0",
        "K",
        "10MB",
        "-1M",
        "1.5M",
        "99999999999999999G",
        "ten客",
    ] {
        let expected = format!(
            "--fetch-bandwidth: `{typed}` is not a number of bytes a second such as 500K, 10M or 1G"
        );
        assert_eq!(refused(&file(typed)), expected);
    }
}

#[test]
fn an_empty_variable_or_key_is_not_set() {
    let empty = Options {
        listen: text(""),
        database_url: text(" "),
        fetch_bandwidth: text(""),
        callback_secret: Some(vec![String::new()]),
        admin_user: text(""),
        ..Options::default()
    };
    let file = "listen = '127.0.0.1:5'\npublic_url = ''\nfetch_at_once = ' '\n\
                callback_secret = ['', ' ']\ncallback_from = ''";
    let config = with_file(empty, file).unwrap();
    assert_eq!((config.listen.port(), config.public_url), (5, None));
    assert_eq!(config.fetch, FetchLimits::default());
    assert!(config.callback_secrets.is_empty() && config.admin.is_none());
}

#[test]
fn secrets_are_not_shown() {
    let options = Options {
        callback_secret: Some(vec!["very-secret-text".into()]),
        secret_key: text(&"ab".repeat(32)),
        admin_user: text("admin"),
        admin_password: text("very-secret-word"),
        database_url: text("postgres://u:very-secret-pass@h/db"),
        ..Options::default()
    };
    let shown = format!("{:?}", with_file(options, "").unwrap());
    assert!(!shown.contains("very-secret"), "{shown}");
    assert!(!shown.contains("abab") && !shown.contains("171"), "{shown}");
}

#[test]
fn the_data_folder_is_created_or_refused() {
    let folder = folder();
    let at = |path: &Path| {
        let options = Options {
            data_dir: text(path.to_str().unwrap()),
            ..Options::default()
        };
        Config::from_options(options).unwrap().prepare_data_dir()
    };
    let deep = folder.path().join("a/b");
    at(&deep).unwrap();
    assert_eq!(fs::read_dir(&deep).unwrap().count(), 0);
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = at(&file).unwrap_err().to_string();
    assert!(
        error.starts_with("--data-dir: cannot write to ") && !error.contains('\n'),
        "{error}"
    );
}
