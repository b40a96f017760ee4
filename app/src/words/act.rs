use reelroom_domain::{
    act::{
        Act, ActGroup, ActKind as K, DISABLED, EVERYONE, ExportForm, HISTORY, PASSWORDS_OFF,
        PEOPLE, RECORDINGS, SettingsChange as C, detail,
    },
    file::FileKind,
};

use super::{
    detail::{details, fields, grant, known},
    list::{clauses, list},
    time::short_length,
};
use crate::i18n::Locale;

/// The shortest duration that is shown, in milliseconds.
const MINUTE: i64 = 60_000;

/// An act in words that follow the name of the person: `watched the composite, over 6 min`. The subject is
/// not in them.
pub fn act(locale: Locale, act: &Act) -> String {
    let parts = match act.kind {
        K::WrongSignIn => wrong(locale, act),
        K::SignedIn | K::SignInRefused => sign_in(locale, act),
        K::Watched => {
            let watched = say!(locale, history.did.watched, what = file(locale, act));
            let mut parts = vec![watched];
            parts.extend(version(locale, act));
            let length = length(locale, act);
            parts.extend(length.map(|length| say!(locale, history.did.over, length)));
            parts
        }
        K::Downloaded => {
            let downloaded = say!(locale, history.did.downloaded, what = file(locale, act));
            let mut parts = vec![downloaded];
            parts.extend(version(locale, act));
            parts
        }
        K::Exported => exported(locale, act),
        K::SettingsChanged => setting(locale, act),
        K::GroupChanged => group(locale, act),
        K::Described => vec![described(locale, act)],
        kind if kind.group() == ActGroup::Keeping => kept(locale, act),
        kind => {
            let mut parts = vec![fixed(locale, kind).to_owned()];
            parts.extend(grant(locale, act));
            parts.extend(details(locale, act, &[detail::GRANT, detail::ROOM]));
            parts
        }
    };
    clauses(locale, &parts)
}

/// The duration of an act, if it is a minute or more.
fn length(locale: Locale, act: &Act) -> Option<String> {
    let millis = act.until.since(act.at);
    (millis >= MINUTE).then(|| short_length(locale, millis))
}

fn wrong(locale: Locale, act: &Act) -> Vec<String> {
    let throttled = act.counter(detail::THROTTLED);
    let codes = act.counter(detail::CODES);
    let tries = match act.counter(detail::TRIES) {
        None if throttled.or(codes).is_some() => None,
        None | Some(1) => Some(say!(locale, history.did.wrong).to_owned()),
        Some(n) => Some(say!(locale, history.did.wrong_many, n)),
    };
    let codes = codes.map(|n| match n {
        1 => say!(locale, history.did.wrong_code).to_owned(),
        n => say!(locale, history.did.wrong_codes, n),
    });
    let throttled = throttled.map(|n| say!(locale, history.did.throttled, n));
    let length = length(locale, act);
    let within = length.map(|length| say!(locale, history.did.within, length));
    let all = [tries, codes, throttled, within];
    all.into_iter().flatten().collect()
}

/// A sign-in: whether it had a second factor and a new device, or why it was refused.
fn sign_in(locale: Locale, act: &Act) -> Vec<String> {
    let shown = [detail::SECOND_FACTOR, detail::NEW_DEVICE, detail::REFUSED];
    let [factor, device, refused] = shown.map(|name| act.detail.get(name));
    let more = [
        factor.map(|_| say!(locale, history.did.with_factor)),
        device.map(|_| say!(locale, history.did.new_device)),
        match refused.map(String::as_str) {
            Some(DISABLED) => Some(say!(locale, history.did.is_disabled)),
            Some(PASSWORDS_OFF) => Some(say!(locale, history.did.passwords_off)),
            _ => None,
        },
    ];
    let mut parts = vec![fixed(locale, act.kind).to_owned()];
    parts.extend(more.into_iter().flatten().map(ToOwned::to_owned));
    parts.extend(details(locale, act, &shown));
    parts
}

/// The file that was sent, or the archive.
fn file(locale: Locale, act: &Act) -> String {
    let kind = act.detail.get(detail::KIND);
    let fixed = match kind.and_then(|kind| FileKind::parse(kind)) {
        Some(FileKind::Composite) => say!(locale, history.file.composite),
        Some(FileKind::Track) => match known(act, detail::PARTICIPANT) {
            Some(who) => return say!(locale, history.file.track_of, who),
            None => say!(locale, history.file.track),
        },
        Some(FileKind::Frame) => say!(locale, history.file.frame),
        None => match act.counter(detail::FILES) {
            None => say!(locale, history.file.some),
            Some(1) => say!(locale, history.file.archive),
            Some(n) => return say!(locale, history.file.archive_many, n),
        },
    };
    fixed.to_owned()
}

/// The version of the file, unless it is the first.
fn version(locale: Locale, act: &Act) -> Option<String> {
    let n = act.counter(detail::VERSION)?;
    Some(say!(locale, history.file.version, n))
}

fn exported(locale: Locale, act: &Act) -> Vec<String> {
    let what = match act.subject.as_str() {
        HISTORY => say!(locale, history.list.history),
        RECORDINGS => say!(locale, history.list.recordings),
        PEOPLE => say!(locale, history.list.people),
        _ => say!(locale, history.list.other),
    };
    let rows = act.counter(detail::ROWS);
    let rows = rows.map(|n| plural!(locale, n, history.list.row, history.list.rows, n));
    let form = act.detail.get(detail::FORM);
    let form = form.and_then(|form| ExportForm::parse(form));
    let form = form.map(|form| export_form(locale, form).to_owned());
    let exported = say!(locale, history.did.exported, what);
    [Some(exported), rows, form].into_iter().flatten().collect()
}

/// The name of the form of an exported list.
pub fn export_form(locale: Locale, form: ExportForm) -> &'static str {
    match form {
        ExportForm::Csv => say!(locale, history.export.csv),
        ExportForm::Jsonl => say!(locale, history.export.jsonl),
    }
}

fn setting(locale: Locale, act: &Act) -> Vec<String> {
    let change = act.detail.get(detail::CHANGE);
    let changed = match change.and_then(|change| C::parse(change)) {
        Some(C::AppAdded) => say!(locale, history.setting.app_added).to_owned(),
        Some(C::AppChanged) => say!(locale, history.setting.app_changed).to_owned(),
        Some(C::AppRemoved) => say!(locale, history.setting.app_removed).to_owned(),
        Some(C::HostAllowed) => {
            let host = known(act, detail::HOST).unwrap_or_default();
            say!(locale, history.setting.host_allowed, host)
        }
        Some(C::TimeLimits) => say!(locale, history.setting.time_limits).to_owned(),
        Some(C::SignInRules) => say!(locale, history.setting.sign_in_rules).to_owned(),
        Some(C::Keeping) => say!(locale, history.setting.keeping).to_owned(),
        Some(C::Keep) => say!(locale, history.setting.keep).to_owned(),
        Some(C::RuleSaved) => say!(locale, history.setting.rule_saved).to_owned(),
        Some(C::RuleMoved) => say!(locale, history.setting.rule_moved).to_owned(),
        Some(C::RuleLookedAt) => say!(locale, history.setting.rule_looked_at).to_owned(),
        Some(C::RuleOn) => say!(locale, history.setting.rule_on).to_owned(),
        Some(C::RuleOff) => say!(locale, history.setting.rule_off).to_owned(),
        Some(C::RuleRemoved) => say!(locale, history.setting.rule_removed).to_owned(),
        Some(C::RetentionOn) => say!(locale, history.setting.retention_on).to_owned(),
        Some(C::RetentionOff) => say!(locale, history.setting.retention_off).to_owned(),
        Some(C::RetentionTime) => say!(locale, history.setting.retention_time).to_owned(),
        Some(C::ViewShared) => {
            let with = known(act, detail::SHARED_WITH).unwrap_or_default();
            let with = match with.as_str() {
                EVERYONE => say!(locale, history.setting.everyone).to_owned(),
                _ => with,
            };
            say!(locale, history.setting.view_shared, with)
        }
        Some(C::ViewUnshared) => say!(locale, history.setting.view_unshared).to_owned(),
        None => say!(locale, history.setting.other).to_owned(),
    };
    let shown = [
        detail::CHANGE,
        detail::FIELDS,
        detail::HOST,
        detail::REASON,
        detail::SHARED_WITH,
    ];
    let mut parts = vec![changed];
    let reason = known(act, detail::REASON);
    parts.extend(reason.map(|reason| say!(locale, history.did.because, reason)));
    parts.extend(fields(locale, act));
    parts.extend(details(locale, act, &shown));
    parts
}

fn group(locale: Locale, act: &Act) -> Vec<String> {
    let shown = [detail::CHANGE, detail::MEMBER, detail::NAME_FROM];
    let [change, member, former] = shown.map(|name| known(act, name).unwrap_or_default());
    let changed = match change.as_str() {
        "added" => say!(locale, history.did_group.added).to_owned(),
        "renamed" => say!(locale, history.did_group.renamed, former),
        "deleted" => say!(locale, history.did_group.deleted).to_owned(),
        "member_added" => say!(locale, history.did_group.member_added, member),
        "member_removed" => say!(locale, history.did_group.member_removed, member),
        _ => say!(locale, history.did_group.changed).to_owned(),
    };
    let mut parts = vec![changed];
    parts.extend(details(locale, act, &shown));
    parts
}

/// The change of a title, tags or notes.
fn described(locale: Locale, act: &Act) -> String {
    let fields = act.detail.get(detail::FIELDS).map_or("", String::as_str);
    let words = fields.split(", ").filter_map(|field| match field {
        "title" => Some(say!(locale, history.described.title)),
        "tags" => Some(say!(locale, history.described.tags)),
        "notes" => Some(say!(locale, history.described.notes)),
        _ => None,
    });
    let words: Vec<&str> = words.collect();
    let what = list(locale, &words);
    say!(locale, history.did.described, what)
}

/// An act of keeping or deleting, with the case, the reason, and the accounts that asked and agreed.
fn kept(locale: Locale, act: &Act) -> Vec<String> {
    let shown = [
        detail::CHANGE,
        detail::WISH,
        detail::MEMBER,
        detail::CASE,
        detail::REASON,
        detail::ASKED_BY,
        detail::AGREED_BY,
    ];
    let name = known(act, detail::MEMBER).unwrap_or_else(|| "–".to_owned());
    let change = act.detail.get(detail::CHANGE).map(String::as_str);
    let words = match change {
        Some("opened") => say!(locale, cases.did.opened).to_owned(),
        Some("closed") => say!(locale, cases.did.closed).to_owned(),
        Some("looker_added") => say!(locale, history.did_case.looker_added, name),
        Some("looker_removed") => say!(locale, history.did_case.looker_removed, name),
        Some(_) => say!(locale, history.did_case.changed).to_owned(),
        None => fixed(locale, act.kind).to_owned(),
    };
    let wish = match act.detail.get(detail::WISH).map(String::as_str) {
        Some("delete_now") => Some(say!(locale, history.did_ask.delete_now)),
        Some("release") => Some(say!(locale, history.did_ask.release)),
        Some("close_case") => Some(say!(locale, history.did_ask.close_case)),
        Some("settings") => Some(say!(locale, history.did_ask.settings)),
        _ => None,
    };
    let [case, reason, asked, agreed] = [
        detail::CASE,
        detail::REASON,
        detail::ASKED_BY,
        detail::AGREED_BY,
    ]
    .map(|name| known(act, name));
    let more = [
        wish.map(ToOwned::to_owned),
        case.map(|number| say!(locale, history.did.of_case, number)),
        reason.map(|reason| say!(locale, history.did.because, reason)),
        asked.map(|name| say!(locale, history.did.asked_by, name)),
        agreed.map(|name| say!(locale, history.did.agreed_by, name)),
    ];
    let mut parts = vec![words];
    parts.extend(more.into_iter().flatten());
    parts.extend(details(locale, act, &shown));
    parts
}

/// The words of a kind without details of its own.
fn fixed(locale: Locale, kind: K) -> &'static str {
    match kind {
        K::SignedIn => say!(locale, history.did.signed_in),
        K::SignedOut => say!(locale, history.did.signed_out),
        K::SignInRefused => say!(locale, history.did.refused),
        K::PasswordSet => say!(locale, history.did.password),
        K::SecondFactorOn => say!(locale, history.did.second_factor_on),
        K::SecondFactorOff => say!(locale, history.did.second_factor_off),
        K::RecoveryCodeUsed => say!(locale, history.did.code_used),
        K::RecoveryCodesMade => say!(locale, history.did.codes_made),
        K::LinkMade => say!(locale, history.did.link),
        K::AccountAdded => say!(locale, history.did.account_added),
        K::AccountChanged => say!(locale, history.did.account_changed),
        K::Disabled => say!(locale, history.did.disabled),
        K::Enabled => say!(locale, history.did.enabled),
        K::SessionsEnded => say!(locale, history.did.sessions_ended),
        K::GrantAdded => say!(locale, history.did.grant_added),
        K::GrantRemoved => say!(locale, history.did.grant_removed),
        K::WrongSignIn
        | K::Watched
        | K::Downloaded
        | K::Exported
        | K::SettingsChanged
        | K::GroupChanged
        | K::Described => "",
        K::CaseChanged => say!(locale, history.did_case.changed),
        K::Trashed => say!(locale, history.did.trashed),
        K::Restored => say!(locale, history.did.restored),
        K::Held => say!(locale, history.did.held),
        K::Released => say!(locale, history.did.released),
        K::HoldKept => say!(locale, history.did.hold_kept),
        K::PurgeAsked => say!(locale, history.did.purge_asked),
        K::Purged => say!(locale, history.did.purged),
        K::ConsentAsked => say!(locale, history.did.consent_asked),
        K::ConsentGiven => say!(locale, history.did.consent_given),
        K::ConsentRefused => say!(locale, history.did.consent_refused),
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::Timestamp;
    use strum::VariantArray;

    use super::*;

    fn of(kind: K, minutes: i64, known: &[(&str, &str)]) -> Act {
        let known = known.iter();
        Act {
            at: Timestamp::from_millis(0),
            until: Timestamp::from_millis(minutes * MINUTE),
            user: None,
            name: "u1001".to_owned(),
            kind,
            subject: String::new(),
            room: None,
            recording: None,
            file: None,
            detail: known
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            address: None,
            agent: String::new(),
        }
    }

    #[test]
    fn wrong_sign_ins_are_counted() {
        for (minutes, known, words) in [
            (0, vec![("tries", "1")], "1 wrong password"),
            (0, vec![("codes", "1")], "1 wrong code"),
            (
                0,
                vec![("tries", "2"), ("codes", "3")],
                "2 wrong passwords, 3 wrong codes",
            ),
            (
                4,
                vec![("tries", "7"), ("throttled", "12")],
                "7 wrong passwords, 12 throttled, within 4 min",
            ),
        ] {
            let wrong = of(K::WrongSignIn, minutes, &known);
            assert_eq!(act(Locale::en, &wrong), words);
        }
    }

    #[test]
    fn each_act_has_words() {
        for (kind, minutes, known, words) in [
            (K::SignedIn, 0, vec![], "signed in"),
            (
                K::Watched,
                6,
                vec![("kind", "composite"), ("version", "2")],
                "watched the composite, version 2, over 6 min",
            ),
            (
                K::Watched,
                0,
                vec![("kind", "track"), ("participant", "a\u{202e}b")],
                "watched the track of a\\u202eb",
            ),
            (
                K::Downloaded,
                9,
                vec![("files", "14")],
                "downloaded the archive with 14 files",
            ),
            (
                K::Exported,
                0,
                vec![("rows", "212"), ("form", "csv")],
                "exported a list, 212 rows, CSV",
            ),
            (
                K::SettingsChanged,
                0,
                vec![("change", "app_changed"), ("fields", "name, zone")],
                "changed the app, Name, Time zone of anyRTC",
            ),
            (
                K::SettingsChanged,
                0,
                vec![("change", "time_limits"), ("due", "60"), ("late", "20")],
                "changed the time limits of files, Overdue after (minutes): 60, \
                 Late after (minutes): 20",
            ),
            (
                K::SettingsChanged,
                0,
                vec![("change", "view_shared"), ("with", "everyone")],
                "shared the view with everyone",
            ),
            (
                K::Described,
                0,
                vec![("fields", "title, notes")],
                "changed the title, the notes",
            ),
            (
                K::PurgeAsked,
                0,
                vec![("reason", "Wrong room")],
                "had it deleted for good, “Wrong room”",
            ),
            (
                K::PurgeAsked,
                0,
                vec![("reason", "Wrong room"), ("agreed_by", "u1002")],
                "had it deleted for good, “Wrong room”, u1002 agreed",
            ),
            (
                K::ConsentGiven,
                0,
                vec![
                    ("wish", "release"),
                    ("case", "2026-31"),
                    ("reason", "Over"),
                    ("asked_by", "u1001"),
                ],
                "agreed as second administrator, to release a hold, case 2026-31, “Over”, \
                 asked for by u1001",
            ),
            (
                K::Held,
                0,
                vec![("case", "2026-31")],
                "put it on hold, case 2026-31",
            ),
            (
                K::CaseChanged,
                0,
                vec![("change", "closed")],
                "closed the case",
            ),
        ] {
            assert_eq!(act(Locale::en, &of(kind, minutes, &known)), words);
        }
        let watched = of(K::Watched, 6, &[("kind", "composite")]);
        assert_eq!(act(Locale::zh_CN, &watched), "观看了合成文件，历时 6 分钟");
    }

    #[test]
    fn details_have_words() {
        for (kind, known, words) in [
            (
                K::AccountAdded,
                vec![("role", "operator"), ("rights", "download,share")],
                "added the account, rights: download, share, role: Operator",
            ),
            (
                K::AccountChanged,
                vec![("rights_from", ""), ("rights_to", "export")],
                "changed the account, rights: – → export",
            ),
            (
                K::GrantAdded,
                vec![
                    ("app", "Head office"),
                    ("grant", "prefix"),
                    ("room", "lab-"),
                ],
                "added a grant, Prefix: lab-*, app: Head office",
            ),
            (
                K::GroupChanged,
                vec![("change", "member_added"), ("member", "u1003")],
                "added u1003 to the group",
            ),
            (
                K::GroupChanged,
                vec![("change", "renamed"), ("name_from", "Lab")],
                "renamed the group, formerly Lab",
            ),
            (
                K::SettingsChanged,
                vec![("change", "sign_in_rules"), ("passwords_off", "true")],
                "changed the rules of sign-in, Sign in by single sign-on only: yes",
            ),
            (K::SignedIn, vec![("new", "1")], "signed in, new: 1"),
        ] {
            assert_eq!(act(Locale::en, &of(kind, 0, &known)), words);
        }
        let changed = of(
            K::AccountChanged,
            0,
            &[("role_from", "viewer"), ("role_to", "operator")],
        );
        assert_eq!(
            act(Locale::zh_CN, &changed),
            "修改了账号，角色：观看者 → 操作员"
        );
        for (kind, known, words) in [
            (
                K::AccountAdded,
                vec![("role", "operator"), ("rights", "download,share")],
                "添加了账号，权限：下载、分享，角色：操作员",
            ),
            (
                K::GrantAdded,
                vec![("grant", "everything")],
                "添加了授权，所有房间",
            ),
            (
                K::SettingsChanged,
                vec![("change", "sign_in_rules"), ("passwords_off", "false")],
                "修改了登录规则，只允许单点登录：否",
            ),
            (
                K::Described,
                vec![("fields", "title, notes")],
                "修改了标题、备注",
            ),
        ] {
            assert_eq!(act(Locale::zh_CN, &of(kind, 0, &known)), words);
        }
        let mut exported = of(K::Exported, 0, &[("rows", "2"), ("form", "csv")]);
        exported.subject = PEOPLE.to_owned();
        assert_eq!(act(Locale::zh_CN, &exported), "导出了人员列表，2 行，CSV");
    }

    #[test]
    fn sign_ins_settings_and_cases_have_words_in_both_languages() {
        for (kind, known, en, zh) in [
            (
                K::SignedIn,
                vec![("second_factor", "yes"), ("new_device", "yes")],
                "signed in, second factor, new device",
                "已登录，两步验证，新设备",
            ),
            (
                K::SignedIn,
                vec![("provider", "id.example.org")],
                "signed in, provider: id.example.org",
                "已登录，身份提供方：id.example.org",
            ),
            (
                K::SignInRefused,
                vec![("refused", "disabled")],
                "sign-in refused, the account is disabled",
                "登录被拒绝，账号已停用",
            ),
            (
                K::SignInRefused,
                vec![("refused", "passwords_off")],
                "sign-in refused, passwords are off",
                "登录被拒绝，密码登录已关闭",
            ),
            (
                K::SettingsChanged,
                vec![("change", "keep"), ("second_for_release", "false")],
                "changed the settings of the trash, \
                 Releasing a hold needs a second administrator: no",
                "修改了回收站设置，解除冻结需要第二位管理员：否",
            ),
            (
                K::CaseChanged,
                vec![("change", "looker_added"), ("member", "Audit")],
                "let Audit look at the case",
                "允许 Audit 查看案件",
            ),
            (
                K::CaseChanged,
                vec![("change", "looker_removed"), ("member", "u1009")],
                "no longer let u1009 look at the case",
                "取消了 u1009 查看案件的权限",
            ),
        ] {
            let did = of(kind, 0, &known);
            assert_eq!(act(Locale::en, &did), en);
            assert_eq!(act(Locale::zh_CN, &did), zh);
        }
    }

    #[test]
    fn no_kind_is_without_words() {
        for kind in K::VARIANTS.iter().copied() {
            let tried = of(kind, 0, &[("tries", "1")]);
            for locale in [Locale::en, Locale::zh_CN] {
                assert_ne!(act(locale, &tried), "", "{kind:?}");
            }
        }
    }
}
