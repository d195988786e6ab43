//! What invented people say, ask for, agree to and are helped by.

/// Why people come, in their own words.
pub(super) const REASONS: &[&str] = &[
    "Since Dad's fall I can't leave him, and I don't know who to ask",
    "Bit lonely since we moved",
    "He needs a rail by the bath",
    "My letter about the council tax came and I can't make sense of it",
    "Mam keeps leaving the gas on",
    "I was told to come here about a wheelchair ramp",
    "I'd like to learn the computer, to see my grandson",
    "The carers come too early, I'm not up",
    "My knees. I can't do the stairs any more",
    "I want to give something back now I'm retired",
    "Where can I take my husband? He has dementia, he likes singing",
    "Worried about the heating bill",
    "My brother was doing my shopping and he's poorly now",
    "I look after my wife and I'm tired",
    "Is there anyone who fixes a gate?",
    "Came out of hospital Thursday, nobody has rung",
    "I've had to stop driving",
    "My daughter is eighteen in March and her school support stops",
    "Somewhere warm to sit, to be honest",
    "The flat is damp and I can't breathe at night",
    "I ring and ring and nobody rings back",
    "I can't see the letters any more, can someone read them to me",
    "Blue badge",
    "My neighbour's not been out for weeks, I'm worried about her",
    "Just for a cup of tea and to see who's here",
    "My son has left and I've never paid a bill in my life",
    "They said six weeks for the bath board, it's been ten",
    "I'd like to go swimming but not on my own",
    "Help with a form, it's forty pages",
    "I've got the shakes and I can't hold a cup",
];

/// Why people come, in words of another language; the first of each is the language as an interpreter has it.
pub(super) const REASONS_IN: &[(&str, &[&str])] = &[
    (
        "Welsh",
        &["Mae Mam eisiau siarad â rhywun yn Gymraeg", "Dw i'n unig ers i Wil farw", "Angen help gyda'r ffurflen 'ma"],
    ),
    ("Polish", &[POLISH_LETTER, "Potrzebuję pomocy z mieszkaniem, schody są za strome dla żony"]),
    ("Somali", &["Waxaan u baahanahay caawimaad guriga"]),
    ("Cantonese", &["我想找人陪我去看醫生"]),
    ("Arabic", &["أحتاج إلى مساعدة في رعاية والدتي"]),
];

/// What Tadeusz says this morning.
pub(super) const POLISH_LETTER: &str = "List z urzędu, nie rozumiem go";

/// A good day.
pub(super) const GOOD_DAYS: &[&str] = &[
    "Dad eats with us. I get to choir on Thursday. He tells the boys about the pit band.",
    "Up by nine, a walk to the shop and a natter. The dog comes too.",
    "When the grandchildren come and I cook.",
    "No pain till dinner time. Then I can do the garden, a bit.",
    "Sitting in the window with the radio, and someone knocks.",
    "When I've slept.",
];

/// A bad day.
pub(super) const BAD_DAYS: &[&str] = &[
    "Up four times. He won't let anyone else in. I ring work, again.",
    "Nobody. From Friday to Monday, nobody.",
    "When the lift is out I don't go down at all.",
    "I drop things and then I cry about it, daft really.",
    "She doesn't know me until teatime.",
    "The post.",
];

/// Who is around us.
pub(super) const CIRCLES: &[&str] = &[
    "Gethin next door. Ysgol mums. My sister, Sundays.",
    "My daughter rings at six. The lady from the chemist.",
    "The lads from the club, when I could get there.",
    "Nobody since Wil, if I'm honest. The cat.",
    "Five of us in the house, but they all work.",
];

/// What I can offer.
pub(super) const OFFERS: &[&str] = &[
    "I could teach anyone to bake bread.",
    "Thirty years a joiner. I can still hold a plane.",
    "I speak Welsh and Polish, I'll sit with people.",
    "I'll drive, Tuesdays and Thursdays.",
    "I like to listen.",
];

/// A worker's notes.
pub(super) const NOTES: &[&str] = &[
    "Fell in the garden, bruised, not seen by anyone. Sleeps in the chair because the stairs are frightening. Has asked for nothing before today. Would like the rail first; a morning off second.",
    "Manages well but the shopping is the worry. Does not want carers. Would like a lift on Fridays more than anything.",
    "Brought three letters; read them together. One was a bill already paid. Rang from here, sorted.",
    "Tired. We talked about what a week would look like with one free morning. To think about it and come back.",
    "Very proud, and right to be. Happy to be rung in a month, not before.",
    "Walks with a stick, steady. Bath is the trouble. Lives on the second floor, lift often out.",
];

/// Who does what, as it was agreed.
pub(super) const AGREED: &[(&str, &str)] = &[
    ("Rhian", "asks for a bath and stair assessment"),
    ("The family", "rings the carers' café"),
    ("A neighbour", "walks along to the lunch club"),
    ("Priya", "sends the large-print form again"),
    ("Gwilym", "finds out about the Friday lift"),
    ("The person", "comes back next Tuesday for a cup of tea"),
];

/// Who comes along.
pub(super) const COMPANIONS: &[&str] =
    &["his wife", "her daughter", "a friend", "Mr Okafor", "my mam", "the lady next door", "Gethin", "her carer", ""];
