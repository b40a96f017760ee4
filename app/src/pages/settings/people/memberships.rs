//! The groups of an account.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::people::{GroupView, Membership, PersonView};

use crate::{
    components::{Glyph, Icon},
    i18n::Locale,
    server_fns::{AddMember, RemoveMember},
};

/// The groups of an account, and a form that adds it to another one; nothing if there are no groups.
pub fn memberships(
    locale: Locale,
    of: &PersonView,
    all: &[GroupView],
    may_change: bool,
) -> Option<impl IntoView + use<>> {
    if all.is_empty() {
        return None;
    }
    let user = of.row.id.to_string();
    let chip = |group: &Membership| {
        let name = group.name.as_str().to_owned();
        if group.from_claim || !may_change {
            let title = group
                .from_claim
                .then(|| say!(locale, people.group.from_sign_in));
            return view! { <span class="tag" title=title>{name}</span> }.into_any();
        }
        let leave = say!(locale, people.group.leave, group = name.as_str());
        view! {
            // Its id keeps a morph from turning it, with the focus in it, into another group.
            <form
                method="post"
                action=RemoveMember::url()
                class="chip"
                id=format!("in-{}", group.id)
            >
                <input type="hidden" name="id" value=group.id.to_string() />
                <input type="hidden" name="user" value=user.clone() />
                {name}
                <button class="chip-x" aria-label=leave>
                    <Icon glyph=Glyph::X />
                </button>
            </form>
        }
        .into_any()
    };
    let is_member = |group: &GroupView| of.row.groups.iter().any(|other| other.id == group.id);
    let others = all
        .iter()
        .filter(|group| group.claim.is_none() && !is_member(group));
    let others: Vec<_> = others
        .map(|group| {
            let name = group.name.as_str().to_owned();
            view! { <option value=group.id.to_string()>{name}</option> }
        })
        .collect();
    let join = (may_change && !others.is_empty()).then(|| {
        view! {
            <form method="post" action=AddMember::url() class="join">
                <input type="hidden" name="name" value=of.row.name.clone() />
                <select class="select" name="id" aria-label=say!(locale, people.group.choose)>
                    {others}
                </select>
                <button class="btn">{say!(locale, people.group.join)}</button>
            </form>
        }
    });
    let chips = of.row.groups.iter().map(chip).collect_view();
    Some(view! {
        <section aria-labelledby="groups-h">
            <h2 id="groups-h">{say!(locale, common.word.groups)}</h2>
            <div class="tags">{chips}</div>
            {join}
        </section>
    })
}
