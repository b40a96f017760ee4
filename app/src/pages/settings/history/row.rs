//! One act of the list.

use leptos::prelude::*;
use reelroom_domain::{
    act::{Act, ActGroup, ActKind},
    device::DeviceName,
    visible::visible_line,
};

use super::filter::Filter;
use crate::{
    components::{FileName, Glyph, Icon, Time},
    paths,
    this_page::locale,
    words::{self, TimeStyle},
};

/// The maximum length of a name in characters.
const LONGEST: usize = 160;

/// The row of an act. The name of a person links to all acts of that person.
pub fn row(act: &Act, filter: &Filter) -> impl IntoView + use<> {
    let locale = locale();
    let is_bad = act.kind.group() == ActGroup::FailedSignIn;
    view! {
        <tr class:bad=is_bad>
            <td class="c-time num">
                <Time at=act.at style=TimeStyle::Seconds />
            </td>
            <td class="c-who">{who(act, filter)}</td>
            <td class="c-what">
                <span class="act">
                    <Icon glyph=glyph(act.kind) />
                    <span>{words::act(locale, act)}</span>
                </span>
            </td>
            <td class="c-on">{on(act)}</td>
            <td class="c-from num" title=act.address.clone()>{act.address.clone()}</td>
        </tr>
    }
}

/// The account, the server, or nobody where nobody was signed in.
fn who(act: &Act, filter: &Filter) -> AnyView {
    let locale = locale();
    if act.user.is_none() && act.kind.group() == ActGroup::FailedSignIn {
        return view! { <span class="muted">{say!(locale, history.nobody)}</span> }.into_any();
    }
    if act.name.is_empty() {
        return view! { <b>{say!(locale, common.product)}</b> }.into_any();
    }
    let href = filter.link(&[("person", &act.name)]);
    view! { <a href=href>{visible_line(&act.name, LONGEST)}</a> }.into_any()
}

/// The subject of an act: the recording of a file, an account, a setting, or the browser that signed in.
fn on(act: &Act) -> AnyView {
    let room = act.room.as_ref().map(|(_, room)| room.as_str());
    if matches!(act.kind, ActKind::SignedIn | ActKind::SignedOut) {
        let device = words::device(locale(), DeviceName::of(&act.agent));
        let agent = visible_line(&act.agent, LONGEST);
        return view! { <span class="trunc muted" title=agent>{device}</span> }.into_any();
    }
    let text = match act.kind {
        // Without an address as well it counts tries beyond the limit, of which neither name nor address is kept.
        ActKind::WrongSignIn if act.name.is_empty() && act.address.is_some() => {
            say!(locale(), history.no_account)
        }
        ActKind::WrongSignIn => act.name.as_str(),
        // The words of the act name the list.
        ActKind::Exported => "",
        _ if act.subject.is_empty() => room.unwrap_or_default(),
        _ => act.subject.as_str(),
    };
    let text = visible_line(text, LONGEST);
    if let Some(id) = act.recording {
        let title = room.map(|room| visible_line(room, LONGEST));
        view! { <a href=paths::recording(id) title=title><FileName name=text /></a> }.into_any()
    } else {
        let title = text.clone();
        view! { <span class="trunc muted" title=title>{text}</span> }.into_any()
    }
}

const fn glyph(kind: ActKind) -> Glyph {
    match kind {
        ActKind::SignedIn => Glyph::Signin,
        ActKind::SignedOut | ActKind::SessionsEnded => Glyph::Signout,
        ActKind::WrongSignIn => Glyph::Error,
        ActKind::SignInRefused | ActKind::Disabled => Glyph::Ban,
        ActKind::PasswordSet
        | ActKind::SecondFactorOn
        | ActKind::SecondFactorOff
        | ActKind::RecoveryCodeUsed
        | ActKind::RecoveryCodesMade => Glyph::Key,
        ActKind::LinkMade => Glyph::Link,
        ActKind::AccountAdded
        | ActKind::AccountChanged
        | ActKind::Enabled
        | ActKind::GrantAdded
        | ActKind::GrantRemoved
        | ActKind::GroupChanged
        | ActKind::ConsentAsked
        | ActKind::ConsentGiven
        | ActKind::ConsentRefused => Glyph::Users,
        ActKind::SettingsChanged => Glyph::Sliders,
        ActKind::Watched => Glyph::Eye,
        ActKind::Downloaded => Glyph::Download,
        ActKind::Exported => Glyph::Export,
        ActKind::Described => Glyph::Pencil,
        ActKind::Trashed | ActKind::PurgeAsked | ActKind::Purged => Glyph::Trash,
        ActKind::Restored => Glyph::Refresh,
        ActKind::Held | ActKind::Released | ActKind::HoldKept | ActKind::CaseChanged => Glyph::Lock,
    }
}
