//! The facets beside the list, each with the number of recordings that have it.

use leptos::prelude::*;
use reelroom_domain::{
    find::{Archive, Facet, FacetKey, Find},
    view::{FacetCount, Library},
};

use super::{
    filter::{Filter, address},
    narrow::Panel,
};
use crate::{
    components::{Glyph, Icon, file_glyph},
    this_page::locale,
    words,
};

/// The most tags; the others are on the page of all tags.
const TAGS: usize = 5;

/// Links that switch facets on and off.
pub fn beside(library: &Library, filter: &Filter) -> impl IntoView + use<> {
    let locale = locale();
    let find = &filter.find;
    let keys = [
        FacetKey::Unseen,
        FacetKey::Archive,
        FacetKey::Kind,
        FacetKey::Tag,
    ];
    let sections = keys.map(|key| {
        let counts = library.facets.iter().filter(|count| count.key == key);
        let counts: Vec<&FacetCount> = counts.collect();
        let has_more = key == FacetKey::Tag && counts.len() > TAGS;
        let shown = if has_more { TAGS } else { counts.len() };
        let links = counts.iter().take(shown);
        let links = links.filter_map(|count| link(find, count)).collect_view();
        let more = has_more.then(|| {
            view! {
                <a href=Panel::Tag.address(find)>
                    <Icon glyph=Glyph::Plus />
                    <span>{say!(locale, library.more_tags)}</span>
                </a>
            }
        });
        (!counts.is_empty()).then(|| {
            view! {
                <section>
                    <h2>{words::facet_key(locale, key)}</h2>
                    {links}
                    {more}
                </section>
            }
        })
    });
    view! {
        <section class="facets" aria-label=say!(locale, library.aside)>
            {sections.into_iter().collect_view()}
        </section>
    }
}

/// A link that adds a facet to the list, or removes it.
fn link(find: &Find, count: &FacetCount) -> Option<impl IntoView + use<>> {
    let facet = Facet::parse(count.key, &count.value)?;
    let glyph = match facet {
        Facet::Archive(Archive::Archived) => Glyph::Shield,
        Facet::Archive(Archive::Fetching) => Glyph::Refresh,
        Facet::Archive(Archive::Remote) => Glyph::Cloud,
        Facet::Archive(Archive::Trouble) => Glyph::Ban,
        Facet::Kind(kind) => file_glyph(kind),
        Facet::Unseen => Glyph::Eye,
        _ => Glyph::Tag,
    };
    let is_on = find.has(&facet);
    let class = if count.count.n == 0 { "none" } else { "" };
    Some(view! {
        <a
            class=class
            href=address(&find.toggled(&facet), None)
            aria-current=is_on.then_some("true")
        >
            <Icon glyph=glyph />
            <span class="trunc">{words::facet(locale(), &facet)}</span>
            <span class="num">{words::count(count.count)}</span>
        </a>
    })
}
