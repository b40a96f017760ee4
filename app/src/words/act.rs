//! The words of acts. What kinds of acts share is below; the rest is in `change`, `keeping` and `fixed`.

mod change;
mod fixed;
mod keeping;

use reelroom_domain::{
    act::{
        Act, ActGroup, ActKind as K, DISABLED, ExportForm, HISTORY, PASSWORDS_OFF, PEOPLE,
        RECORDINGS, detail,
    },
    file::FileKind,
};

use self::{
    change::{described, group, setting},
    fixed::fixed,
    keeping::kept,
};
use super::{
    detail::{details, grant, known},
    list::clauses,
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use reelroom_domain::time::Timestamp;
    use strum::VariantArray;

    use super::*;

    /// An act of this kind with details such as `role=viewer; sessions=2`. It lasts as many `minutes`, and its
    /// subject is `on`.
    fn of(kind: K, details: &str) -> Act {
        let details = details.split("; ").filter_map(|detail| {
            let (name, value) = detail.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        });
        let mut detail: BTreeMap<String, String> = details.collect();
        let minutes: i64 = detail.remove("minutes").map_or(0, |n| n.parse().unwrap());
        Act {
            at: Timestamp::from_millis(0),
            until: Timestamp::from_millis(minutes * MINUTE),
            user: None,
            name: "u1001".to_owned(),
            kind,
            subject: detail.remove("on").unwrap_or_default(),
            room: None,
            recording: None,
            file: None,
            detail,
            address: None,
            agent: String::new(),
        }
    }

    /// The kind of an act, its details, and its words in English, and of some in Chinese.
    const ACTS: &str = "
        wrong_sign_in | tries=1 | 1 wrong password
        wrong_sign_in | codes=1 | 1 wrong code
        wrong_sign_in | tries=2; codes=3 | 2 wrong passwords, 3 wrong codes
        wrong_sign_in | tries=7; throttled=12; minutes=4 | \
            7 wrong passwords, 12 throttled, within 4 min
        signed_in | | signed in
        signed_in | new=1 | signed in, new: 1
        signed_in | second_factor=yes; new_device=yes | \
            signed in, second factor, new device | 已登录，两步验证，新设备
        signed_in | provider=id.example.org | \
            signed in, provider: id.example.org | 已登录，身份提供方：id.example.org
        sign_in_refused | refused=disabled | \
            sign-in refused, the account is disabled | 登录被拒绝，账号已停用
        sign_in_refused | refused=passwords_off | \
            sign-in refused, passwords are off | 登录被拒绝，密码登录已关闭
        watched | kind=composite; version=2; minutes=6 | \
            watched the composite, version 2, over 6 min | 观看了合成文件，版本 2，历时 6 分钟
        watched | kind=track; participant=a\u{202e}b | watched the track of a\\u202eb
        downloaded | files=14; minutes=9 | downloaded the archive with 14 files
        exported | rows=212; form=csv | exported a list, 212 rows, CSV
        exported | rows=2; form=csv; on=people | \
            exported the list of people, 2 rows, CSV | 导出了人员列表，2 行，CSV
        account_added | role=operator; rights=download,share | \
            added the account, rights: download, share, role: Operator | \
            添加了账号，权限：下载、分享，角色：操作员
        account_changed | rights_from=; rights_to=export | changed the account, rights: – → export
        account_changed | role_from=viewer; role_to=operator | \
            changed the account, role: Viewer → Operator | 修改了账号，角色：观看者 → 操作员
        grant_added | app=Head office; grant=prefix; room=lab- | \
            added a grant, Prefix: lab-*, app: Head office
        grant_added | grant=everything | added a grant, Every room | 添加了授权，所有房间
        group_changed | change=member_added; member=u1003 | added u1003 to the group
        group_changed | change=renamed; name_from=Lab | renamed the group, formerly Lab
        settings_changed | change=app_changed; fields=name, zone | \
            changed the app, Name, Time zone of anyRTC
        settings_changed | change=time_limits; due=60; late=20 | changed the time limits of files, \
            Overdue after (minutes): 60, Late after (minutes): 20
        settings_changed | change=view_shared; with=everyone | shared the view with everyone
        settings_changed | change=sign_in_rules; passwords_off=true | \
            changed the rules of sign-in, Sign in by single sign-on only: yes
        settings_changed | change=sign_in_rules; passwords_off=false | \
            changed the rules of sign-in, Sign in by single sign-on only: no | \
            修改了登录规则，只允许单点登录：否
        settings_changed | change=keep; second_for_release=false | changed the settings of the trash, \
            Releasing a hold needs a second administrator: no | \
            修改了回收站设置，解除冻结需要第二位管理员：否
        described | fields=title, notes | changed the title, the notes | 修改了标题、备注
        purge_asked | reason=Wrong room | had it deleted for good, “Wrong room”
        purge_asked | reason=Wrong room; agreed_by=u1002 | \
            had it deleted for good, “Wrong room”, u1002 agreed
        consent_given | wish=release; case=2026-31; reason=Over; asked_by=u1001 | \
            agreed as second administrator, to release a hold, case 2026-31, “Over”, asked for by u1001
        held | case=2026-31 | put it on hold, case 2026-31
        case_changed | change=closed | closed the case
        case_changed | change=looker_added; member=Audit | \
            let Audit look at the case | 允许 Audit 查看案件
        case_changed | change=looker_removed; member=u1009 | \
            no longer let u1009 look at the case | 取消了 u1009 查看案件的权限
    ";

    #[test]
    fn each_act_has_words() {
        for line in ACTS.trim().lines() {
            let parts: Vec<&str> = line.split('|').map(str::trim).collect();
            let done = of(K::parse(parts[0]).unwrap(), parts[1]);
            for (locale, words) in [Locale::en, Locale::zh_CN].into_iter().zip(&parts[2..]) {
                assert_eq!(act(locale, &done), *words, "{line}");
            }
        }
    }

    #[test]
    fn no_kind_is_without_words() {
        for kind in K::VARIANTS.iter().copied() {
            let tried = of(kind, "tries=1");
            for locale in [Locale::en, Locale::zh_CN] {
                assert_ne!(act(locale, &tried), "", "{kind:?}");
            }
        }
    }
}
