//! The words of a demo, in English and Chinese. `{n}` stands for a number.

/// A language.
pub struct Language {
    /// The names of 24 participants, with a space between two.
    pub people: &'static str,
    pub notes: &'static [&'static str],
    /// Tags of any recording.
    pub tags: &'static [&'static str],
}

/// The theme of the recordings of a room.
pub struct Theme {
    pub language: &'static Language,
    /// The beginning of the room's id.
    pub stem: &'static str,
    /// The beginning of the room's title.
    pub title: &'static str,
    /// Titles of recordings.
    pub subjects: &'static [&'static str],
    /// Tags.
    pub tags: &'static [&'static str],
    pub data: &'static str,
    /// Usual lengths in minutes.
    pub minutes: &'static [i64],
    /// The most people in it, from 2 to 12.
    pub people: usize,
    /// How many percent of its recordings are sound only.
    pub sound: u32,
}

/// The sign-in names of those who start recordings, and how often they do.
pub const ACCOUNTS: [(u64, &str); 6] = [
    (8, "ada"),
    (6, "wei.zhang"),
    (5, "kim"),
    (4, "li.na"),
    (3, "ops-night"),
    (1, "martin.berg"),
];

/// Naming rules.
pub const RULES: [&str; 3] = [
    "ar_{roomid}_{date}_{random}",
    "{roomid}_{date}_{time}",
    "{roomid}_{userid}_{date}_{random}",
];

static ENGLISH: Language = Language {
    people: "ada.novak ben.carter chloe.martin daniel.ortiz emma.fischer farid.haddad \
        grace.oneill henry.walsh irene.costa jack.turner karen.lindqvist liam.murphy \
        maya.singh noah.jensen olivia.brandt paul.dubois quinn.harris rosa.romero \
        sam.whitaker tara.kapoor u1042 u1187 viktor.sokolov wendy.clarke",
    notes: &[
        "Begins in minute {n}; before that people join.",
        "Decisions are in https://wiki.example.com/notes/{n}",
        "Sound drops for some seconds around minute {n}.",
        "Keep until the audit is closed, see ticket {n}.",
        "Shared with the branch office on request.\nTranscript: https://wiki.example.com/t/{n}",
    ],
    tags: &["important", "follow-up", "external", "audit"],
};

static CHINESE: Language = Language {
    people: "王芳 李伟 张敏 刘洋 陈静 杨磊 赵丽 黄强 周婷 吴昊 徐颖 孙鹏 马超 朱琳 胡斌 郭雪 何涛 \
        高洁 林峰 罗丹 郑凯 u2031 u2178 谢雨欣",
    notes: &[
        "正式内容从第 {n} 分钟开始。",
        "会议纪要：https://wiki.example.com/notes/{n}",
        "第 {n} 分钟前后声音中断几秒。",
        "审计结束前请勿删除，工单 {n}。",
        "已按申请提供给分公司。\n文字稿：https://wiki.example.com/t/{n}",
    ],
    tags: &["重要", "待跟进", "外部", "审计"],
};

/// The themes. The first two are those of the most frequent rooms, and their recordings are short.
pub static THEMES: [Theme; 14] = [
    Theme {
        language: &ENGLISH,
        stem: "support-line",
        title: "Support line",
        subjects: &[
            "Call about invoice {n}",
            "Call about order {n}",
            "Complaint {n}",
        ],
        tags: &["complaint", "refund", "training call"],
        data: r#"{"ticket":"T-{n}","queue":"billing"}"#,
        minutes: &[2, 3, 3, 4, 5, 6, 9],
        people: 2,
        sound: 70,
    },
    Theme {
        language: &CHINESE,
        stem: "客服热线",
        title: "客服热线",
        subjects: &["订单 {n} 咨询", "发票 {n} 咨询", "投诉 {n}"],
        tags: &["投诉", "退款", "质检"],
        data: r#"{"工单":"T-{n}","队列":"账单"}"#,
        minutes: &[2, 3, 3, 4, 5, 6, 9],
        people: 2,
        sound: 70,
    },
    Theme {
        language: &ENGLISH,
        stem: "class",
        title: "Class",
        subjects: &[
            "Lesson {n}: fractions",
            "Lesson {n}: volcanoes",
            "Exam preparation {n}",
        ],
        tags: &["lesson", "exam", "homework"],
        data: r#"{"course":"mathematics","lesson":{n}}"#,
        minutes: &[40, 45, 45, 45, 90],
        people: 12,
        sound: 2,
    },
    Theme {
        language: &CHINESE,
        stem: "数学课",
        title: "数学课",
        subjects: &["第 {n} 课：分数", "第 {n} 课：方程", "期末复习 {n}"],
        tags: &["课程", "考试", "作业"],
        data: r#"{"课程":"数学","节次":{n}}"#,
        minutes: &[40, 45, 45, 45, 90],
        people: 12,
        sound: 2,
    },
    Theme {
        language: &ENGLISH,
        stem: "board-weekly",
        title: "Board",
        subjects: &[
            "Weekly meeting {n}",
            "Budget review {n}",
            "Quarterly results {n}",
        ],
        tags: &["minutes", "budget", "confidential"],
        data: r#"{"agenda":{n}}"#,
        minutes: &[30, 60, 60, 90],
        people: 8,
        sound: 8,
    },
    Theme {
        language: &CHINESE,
        stem: "项目周会",
        title: "项目周会",
        subjects: &["第 {n} 次周会", "进度同步 {n}", "风险评估 {n}"],
        tags: &["周会", "纪要", "里程碑"],
        data: r#"{"项目":"P-{n}"}"#,
        minutes: &[30, 30, 45, 60],
        people: 8,
        sound: 8,
    },
    Theme {
        language: &ENGLISH,
        stem: "design-review",
        title: "Design review",
        subjects: &["Sprint {n}", "Prototype {n}", "Design review {n}"],
        tags: &["sprint", "demo", "decision"],
        data: r#"{"sprint":{n},"team":"mobile"}"#,
        minutes: &[30, 45, 60],
        people: 7,
        sound: 4,
    },
    Theme {
        language: &CHINESE,
        stem: "产品评审",
        title: "产品评审",
        subjects: &["需求评审 {n}", "版本 {n} 验收", "原型讨论 {n}"],
        tags: &["评审", "演示", "结论"],
        data: r#"{"版本":"3.{n}","产品":"移动端"}"#,
        minutes: &[30, 45, 60],
        people: 7,
        sound: 4,
    },
    Theme {
        language: &ENGLISH,
        stem: "interview",
        title: "Interviews",
        subjects: &["Candidate {n}", "Second interview {n}"],
        tags: &["hiring", "personal"],
        data: r#"{"candidate":{n}}"#,
        minutes: &[25, 30, 45, 60],
        people: 3,
        sound: 15,
    },
    Theme {
        language: &CHINESE,
        stem: "面试",
        title: "面试间",
        subjects: &["候选人 {n}", "复试 {n}"],
        tags: &["招聘", "个人信息"],
        data: r#"{"候选人":{n}}"#,
        minutes: &[25, 30, 45, 60],
        people: 3,
        sound: 15,
    },
    Theme {
        language: &ENGLISH,
        stem: "hearing",
        title: "Hearing room",
        subjects: &["Case {n}", "Case {n}, second day", "Witness statement {n}"],
        tags: &["hearing", "evidence", "closed"],
        data: r#"{"case":"C-{n}/26"}"#,
        minutes: &[45, 90, 120],
        people: 6,
        sound: 25,
    },
    Theme {
        language: &CHINESE,
        stem: "远程会诊",
        title: "远程会诊",
        subjects: &["会诊 {n}", "病例讨论 {n}", "影像复核 {n}"],
        tags: &["会诊", "病例", "影像"],
        data: r#"{"病例":"{n}"}"#,
        minutes: &[15, 20, 30, 45],
        people: 5,
        sound: 5,
    },
    Theme {
        language: &ENGLISH,
        stem: "webinar",
        title: "Webinars",
        subjects: &[
            "Webinar {n}",
            "Product news {n}",
            "Questions and answers {n}",
        ],
        tags: &["marketing", "public"],
        data: r#"{"campaign":{n}}"#,
        minutes: &[45, 60, 60, 90],
        people: 10,
        sound: 1,
    },
    Theme {
        language: &CHINESE,
        stem: "培训",
        title: "培训教室",
        subjects: &["新员工培训 {n}", "安全培训 {n}", "销售培训 {n}"],
        tags: &["培训", "新员工", "安全"],
        data: r#"{"批次":{n}}"#,
        minutes: &[60, 90, 120],
        people: 12,
        sound: 3,
    },
];
