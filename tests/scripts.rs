//! The same laws in every script: a text with edits is a reprint of itself, a part of it is an
//! excerpt, and texts in two languages are nothing to each other.

use std::collections::BTreeSet;

use reprint::text::{Tokens, for_each_token};
use reprint::{Deduper, Match, Relation};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::corpus::Rng;
use crate::support::{articles, filled};

/// Eight sentences about one bridge, in the writing systems of the world. At least 60 tokens each.
const STORIES: [(&str, &str); 11] = [
    (
        "Amharic",
        "የከተማው ምክር ቤት አሮጌውን ድልድይ ከሰኞ ጀምሮ ለጥገና እንደሚዘጋ ትናንት አስታወቀ። ግንበኞች ከክረምቱ ጎርፍ በፊት የተሰበሩትን \
         ድንጋዮች በሙሉ ይቀይራሉ። መኪናዎች ለስድስት ሳምንታት በወንዙ ዳር ባለው ጠባብ መንገድ ያልፋሉ። ገበሬዎች ሳራቸው ገና ሜዳ ላይ ስለሆነ \
         አንድ ተጨማሪ ሳምንት ጠይቀው ነበር። መሐንዲሱ ግን ጥያቄውን አልተቀበለም፤ ውሃው አይጠብቅም ብሏል። በአደባባዩ ያሉ ዳቦ ጋጋሪዎች \
         ደንበኞቻቸው እንዳይቀንሱ ይፈራሉ። ልጆች ደግሞ በእግር ወደ ትምህርት ቤት መሄድ ይኖርባቸዋል። እሁድ ማታ የመንደሩ መዘምራን በድልድዩ \
         ላይ ለመጨረሻ ጊዜ ይዘምራሉ።",
    ),
    (
        "Arabic",
        "أعلن مجلس البلدة أمس أن الجسر القديم سيغلق للترميم ابتداء من يوم الاثنين. سيستبدل البناؤون \
         الحجارة المتآكلة قبل أن تأتي فيضانات الخريف. وستمر السيارات ستة أسابيع على الأقل عبر الطريق الضيق \
         بجانب السد. طلب المزارعون أسبوعا آخر لأن التبن ما زال في الحقول. لكن المهندس رفض الطلب وقال إن \
         الماء لا ينتظر أحدا. ويخشى خبازو الساحة أن يفقدوا نصف زبائنهم حتى الشتاء. وسيذهب الأطفال إلى \
         المدرسة سيرا على الأقدام من الجهة الأخرى. وفي مساء الأحد تغني جوقة القرية فوق الجسر للمرة الأخيرة.",
    ),
    (
        "Chinese",
        "镇议会昨天宣布，老石桥从星期一起关闭维修。石匠要在秋天发大水以前换掉磨坏的拱石。汽车至少六个星期要绕行堤坝旁边的小路。农民们本来希望再等一周，因为干草还留在田里。\
         工程师没有答应，他说河水不会等人。广场上的面包师担心客人会少一半。孩子们只好从另一边走路去上学。星期日晚上，村里的合唱团将最后一次在桥上唱歌。",
    ),
    (
        "Greek",
        "Το δημοτικό συμβούλιο ανακοίνωσε χθες ότι η παλιά γέφυρα θα κλείσει για επισκευή από τη Δευτέρα. \
         Οι μάστορες θα αλλάξουν τις φθαρμένες πέτρες πριν έρθουν οι φθινοπωρινές πλημμύρες. Τα αυτοκίνητα \
         θα περνούν για έξι εβδομάδες από τον στενό δρόμο του φράγματος. Οι αγρότες ζήτησαν ακόμη λίγες \
         μέρες, γιατί το χόρτο μένει στα χωράφια. Ο μηχανικός αρνήθηκε και είπε πως το ποτάμι δεν περιμένει \
         κανέναν. Οι φουρνάρηδες της πλατείας φοβούνται για τους πελάτες τους. Την Κυριακή το βράδυ η χορωδία \
         θα τραγουδήσει πάνω στη γέφυρα για τελευταία φορά.",
    ),
    (
        "Hebrew",
        "מועצת העיירה הודיעה אתמול כי הגשר הישן ייסגר לתיקונים החל מיום שני. הבנאים יחליפו את האבנים \
         השחוקות לפני שיבואו שיטפונות הסתיו. המכוניות ייסעו לפחות שישה שבועות בדרך הצרה שליד הסכר. החקלאים \
         ביקשו שבוע נוסף משום שהחציר עדיין מונח בשדות. המהנדס סירב לבקשה ואמר שהמים אינם מחכים לאיש. האופים \
         שבכיכר חוששים שיאבדו מחצית מלקוחותיהם עד החורף. הילדים יצטרכו ללכת ברגל אל בית הספר מן הצד השני. \
         ביום ראשון בערב תשיר מקהלת הכפר על הגשר בפעם האחרונה.",
    ),
    (
        "Hindi",
        "नगर परिषद ने कल बताया कि पुराना पुल सोमवार से मरम्मत के लिए बंद रहेगा। राजमिस्त्री पतझड़ की बाढ़ से पहले घिसे हुए \
         पत्थर बदल देंगे। गाड़ियाँ कम से कम छह सप्ताह तक बाँध के पास वाली सँकरी सड़क से जाएँगी। किसानों ने एक और हफ़्ता \
         माँगा था क्योंकि घास अभी खेतों में पड़ी है। इंजीनियर ने मना कर दिया और कहा कि नदी किसी की राह नहीं देखती। चौक के \
         नानबाइयों को डर है कि उनके आधे ग्राहक चले जाएँगे। बच्चे दूसरी ओर से पैदल विद्यालय पहुँचेंगे। रविवार की शाम गाँव की \
         मंडली पुल पर आख़िरी बार गाएगी।",
    ),
    (
        "Japanese",
        "町議会は昨日、古い石橋を月曜日から修理のため通行止めにすると発表した。石工たちは秋の洪水が来る前に、すり減った石をすべて取り替える。\
         車は少なくとも六週間、堰のそばの細い道を回ることになる。農家は干し草がまだ畑にあるので、もう一週間待ってほしいと頼んだ。\
         技師はそれを断り、川は誰も待たないと言った。広場のパン屋は客が半分になるのではと心配している。子どもたちは反対側から歩いて学校へ通う。\
         日曜の夜には、村のコーラスが橋の上で最後の歌をうたう。",
    ),
    (
        "Korean",
        "읍 의회는 오래된 돌다리를 월요일부터 수리하기 위해 닫는다고 어제 발표했다. 석공들은 가을 홍수가 오기 전에 닳은 \
         돌을 모두 바꿀 것이다. 자동차는 적어도 여섯 주 동안 둑 옆의 좁은 길로 돌아가야 한다. 농부들은 건초가 아직 밭에 있어서 \
         한 주만 더 기다려 달라고 부탁했다. 그러나 기사는 강물은 아무도 기다리지 않는다며 거절했다. 광장의 빵집 주인들은 손님이 \
         절반으로 줄까 걱정한다. 아이들은 건너편에서 걸어서 학교에 다닐 것이다. 일요일 저녁에는 마을 합창단이 다리 위에서 \
         마지막 노래를 부른다.",
    ),
    (
        "Russian",
        "Городской совет вчера объявил, что старый мост с понедельника закроют на ремонт. Каменщики заменят \
         стёртые камни ещё до осеннего паводка. Машины не меньше шести недель будут ездить по узкой дороге у \
         плотины. Крестьяне просили подождать неделю, потому что сено всё ещё лежит в поле. Инженер отказал и \
         сказал, что река никого не ждёт. Пекари на площади боятся потерять половину покупателей до самой зимы. \
         Детям придётся ходить в школу пешком с другой стороны. В воскресенье вечером сельский хор споёт на \
         мосту в последний раз.",
    ),
    (
        "Thai",
        "สภาเมืองประกาศเมื่อวานนี้ว่าสะพานเก่าจะปิดซ่อมตั้งแต่วันจันทร์ ช่างหินจะเปลี่ยนหินที่สึกก่อนน้ำหลากในฤดูฝน \
         รถยนต์ต้องใช้ถนนแคบข้างฝายอย่างน้อยหกสัปดาห์ ชาวนาขอเวลาอีกหนึ่งอาทิตย์เพราะหญ้าแห้งยังอยู่ในทุ่ง \
         วิศวกรไม่ยอมและบอกว่าแม่น้ำไม่เคยรอใคร คนขายขนมปังที่ลานกลัวว่าลูกค้าจะหายไปครึ่งหนึ่ง เด็กเด็กจะเดินไปโรงเรียนจากอีกฝั่ง \
         เย็นวันอาทิตย์คณะนักร้องของหมู่บ้านจะร้องเพลงบนสะพานเป็นครั้งสุดท้าย",
    ),
    (
        "Vietnamese",
        "Hội đồng thị trấn hôm qua cho biết cây cầu cũ sẽ đóng cửa để sửa chữa từ thứ hai. Thợ đá sẽ thay \
         những viên đá mòn trước khi lũ mùa thu kéo về. Xe cộ phải đi đường hẹp cạnh đập nước ít nhất sáu \
         tuần. Nông dân xin thêm bảy ngày vì cỏ khô vẫn còn ngoài đồng. Kỹ sư từ chối và nói rằng dòng sông \
         không đợi ai. Những người bán bánh ở quảng trường sợ mất nửa số khách. Tối chủ nhật, đội hợp xướng \
         của làng sẽ hát trên cầu lần cuối cùng.",
    ),
];

fn story(name: &str) -> &'static str {
    STORIES.iter().find(|(own, _)| *own == name).expect("a story of that name").1
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for_each_token(text, |word, _| words.push(word.to_owned()));
    words
}

/// A word spelt backwards, marks on the letters that they belong to.
fn backwards(word: &str) -> String {
    let mut letters: Vec<String> = Vec::new();
    for c in word.chars() {
        match letters.last_mut() {
            Some(letter) if is_combining_mark(c) => letter.push(c),
            _ => letters.push(c.to_string()),
        }
    }
    letters.reverse();
    letters.concat()
}

/// The text with a share of its tokens, one at least, replaced by other words of its own, spelt
/// backwards: the alphabet stays, the words are others.
fn edited(text: &str, share: f64, seed: u64) -> String {
    let tokens = Tokens::of(text);
    let mut rng = Rng::new(seed, 0, 0);
    let count = ((tokens.len() as f64 * share) as usize).max(1);
    let mut places = BTreeSet::new();
    while places.len() < count {
        let place = rng.below(tokens.len());
        // Several tokens may come from one character.
        if place == 0 || tokens.range(place) != tokens.range(place - 1) {
            places.insert(place);
        }
    }
    let (mut out, mut at) = (String::new(), 0);
    for place in places {
        let own = tokens.range(place);
        let other = (0..1000)
            .map(|_| backwards(&text[tokens.range(rng.below(tokens.len()))]))
            .find(|other| words(other) != words(&text[own.clone()]))
            .expect("another word");
        out.push_str(&text[at..own.start]);
        out.push_str(&other);
        at = own.end;
    }
    out + &text[at..]
}

/// The first characters of a text, as many as make up this share.
fn cut(text: &str, share: f64) -> &str {
    let keep = (text.chars().count() as f64 * share) as usize;
    text.char_indices().nth(keep).map_or(text, |(end, _)| &text[..end])
}

/// What is wrong with the answer to a query that must find one article, in one relation.
fn wrong(found: &[Match], article: usize, relation: Relation) -> Option<String> {
    match found {
        [only] if only.article == article && only.relation == relation => None,
        _ => {
            let found: Vec<String> = found
                .iter()
                .map(|found| {
                    let (a, b) = (found.evidence.coverage_a(), found.evidence.coverage_b());
                    format!("{} of #{} ({a:.2}, {b:.2})", found.relation, found.article)
                })
                .collect();
            Some(format!("expected {relation} of #{article}, found {found:?}"))
        }
    }
}

/// The laws for texts in languages of their own.
fn check(texts: &[(String, String)]) {
    let names = || texts.iter().map(|(name, _)| name.as_str());
    let originals: Vec<&str> = texts.iter().map(|(_, text)| text.as_str()).collect();
    let edits: Vec<String> =
        (0..).zip(&originals).map(|(seed, text)| edited(text, 0.03, seed)).collect();
    let cuts: Vec<&str> = originals.iter().map(|text| cut(text, 0.4)).collect();

    // No two languages match, neither all at once nor one by one.
    let dedup = filled(Deduper::new(), &originals);
    let clusters = dedup.clusters();
    let pairs: Vec<(&str, &str)> =
        clusters.pairs().map(|pair| (texts[pair.a].0.as_str(), texts[pair.b].0.as_str())).collect();
    assert!(pairs.is_empty(), "languages match: {pairs:?}");
    let mut failures = Vec::new();
    for (index, name) in names().enumerate() {
        assert!(words(originals[index]).iter().all(|word| !word.is_empty()), "{name}");
        assert_ne!(words(originals[index]), words(&edits[index]), "{name}: nothing was edited");
        let of_itself = [
            ("whole", originals[index], Relation::Identical),
            ("edited", &edits[index], Relation::Reprint),
            ("cut", cuts[index], Relation::Extended),
        ];
        for (what, text, relation) in of_itself {
            let wrong = wrong(&dedup.matches(text), index, relation);
            failures.extend(wrong.map(|wrong| format!("{name}, {what}: {wrong}")));
        }
    }

    // The same in bulk: a cluster for each language, of three.
    let count = originals.len();
    let mut dedup = filled(filled(Deduper::new(), &originals), &edits);
    dedup.extend(&cuts);
    let clusters = dedup.clusters();
    let found: Vec<Vec<usize>> = clusters.iter().map(reprint::Cluster::articles).collect();
    for (index, name) in names().enumerate() {
        let expected = [index, count + index, 2 * count + index];
        if !found.iter().any(|cluster| *cluster == expected) {
            failures.push(format!("{name}: no cluster of {expected:?}"));
        }
    }
    for member in clusters.iter().flat_map(|cluster| cluster.members()) {
        let is_cut = member.article() >= 2 * count;
        let expected = if is_cut { Relation::Excerpt } else { Relation::Reprint };
        if member.relation() != expected {
            let name = &texts[member.article() % count].0;
            failures.push(format!("{name}, in bulk: {} for {expected}", member.relation()));
        }
    }
    assert_eq!(clusters.len(), count);
    println!("{count} texts, {} failures", failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Whether the two texts are the same article, by their tokens and to a deduper.
fn assert_same(a: &str, b: &str, what: &str) {
    assert_eq!(words(a), words(b), "{what}");
    let dedup = filled(Deduper::new(), &[a]);
    assert_eq!(wrong(&dedup.matches(b), 0, Relation::Identical), None, "{what}");
}

#[test]
fn the_laws_hold_in_two_dozen_languages() {
    let texts = articles("../shared/data/udhr");
    if texts.is_empty() {
        println!("skipped: no ../shared/data/udhr");
        return;
    }
    assert_eq!(texts.len(), 24);
    // Two of them are one language in two orthographies, and one translation: three quarters of the
    // characters are the same, and they cover about 0.7 of each other. They may match.
    let chinese = ["cmn_hans.txt", "cmn_hant.txt"];
    let originals: Vec<&str> = texts.iter().map(|(_, text)| text.as_str()).collect();
    let dedup = filled(Deduper::new(), &originals);
    for pair in dedup.clusters().pairs() {
        assert_eq!([&*texts[pair.a].0, &*texts[pair.b].0], chinese);
    }
    for other in chinese {
        check(&texts.iter().filter(|(name, _)| name != other).cloned().collect::<Vec<_>>());
    }
}

#[test]
fn the_laws_hold_for_short_news_in_every_script() {
    let texts = STORIES.map(|(name, text)| (name.to_owned(), text.to_owned()));
    for (name, text) in &texts {
        let count = words(text).len();
        assert!(count >= 60, "{name} has {count} tokens");
    }
    check(&texts);
}

#[test]
fn words_from_left_to_right_stand_in_text_from_right_to_left() {
    let mixed = |name: &str| {
        let mut text = story(name).to_owned();
        let names = [" Lenne Valley Council", " A40", " Radio Orchard (FM 97.3)", " twitter"];
        for (number, name) in names.into_iter().enumerate() {
            let space = text.match_indices(' ').nth(10 * (number + 1)).expect("a space").0;
            text.insert_str(space, name);
        }
        text
    };
    let texts = ["Arabic", "Hebrew"].map(|name| (name.to_owned(), mixed(name)));
    check(&texts);
    for (name, text) in &texts {
        // Marks of direction are instructions for the screen.
        let marked = text
            .replace("Lenne", "\u{2066}Lenne\u{2069}")
            .replace("A40", "\u{200E}A40\u{200E}")
            .replace("Radio", "\u{202A}Radio\u{202C}")
            .replace(". ", ".\u{200F} ");
        assert_ne!(*text, marked);
        assert_same(text, &marked, name);
        // The Latin words are words all the same.
        assert!(words(text).contains(&"lenne".to_owned()));
    }
}

#[test]
fn composed_and_decomposed_marks_are_the_same() {
    for (name, text) in STORIES {
        let [composed, decomposed]: [String; 2] = [text.nfc().collect(), text.nfd().collect()];
        if ["Greek", "Japanese", "Korean", "Russian", "Vietnamese"].contains(&name) {
            assert_ne!(composed, decomposed, "{name} has nothing to compose");
        }
        assert_same(&composed, &decomposed, name);
    }
}

#[test]
fn full_width_and_half_width_forms_are_the_same() {
    let ascii =
        "Flight NH-204 from gate 17: the LAST call (for 3 passengers) was made at 9.45 p.m.";
    let wide: String = ascii
        .chars()
        .map(|c| match c {
            ' ' => '\u{3000}',
            '!'..='~' => char::from_u32(c as u32 + 0xFEE0).expect("a full-width form"),
            c => c,
        })
        .collect();
    assert_ne!(ascii, wide);
    assert_same(ascii, &wide, "Latin");
    assert_same("ガラスのパイプ、ヴァイオリン", "ｶﾞﾗｽのﾊﾟｲﾌﾟ､ｳﾞｧｲｵﾘﾝ", "kana");
}

#[test]
fn emoji_between_words_change_nothing() {
    // With joiners, skin colours, variation selectors; a flag, and one from another plane.
    let emoji = ["😀", " 👩‍💻 ", "👍🏽", " ❤️", "☎️ ", "🇪🇹", " 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ", "🫠🫠🫠"];
    for (name, text) in STORIES {
        let mut lively = String::from("🚧 ");
        for (number, word) in text.split(' ').enumerate() {
            lively.push_str(if number % 3 == 0 { emoji[number / 3 % emoji.len()] } else { " " });
            lively.push_str(word);
        }
        assert_same(text, &lively, name);
    }
}

#[test]
fn scripts_may_share_a_line() {
    let line = "東京Tokyoから2026年、Москва—القاهرة/서울: ९ दिन, ๓ วัน; Αθήνα’s ተራ 5G";
    let expected = [
        "東",
        "京",
        "tokyo",
        "か",
        "ら",
        "2026",
        "年",
        "москва",
        "القاهرة",
        "서울",
        "९",
        "दिन",
        "๓",
        "วั",
        "น",
        "αθήναs",
        "ተራ",
        "5g",
    ];
    assert_eq!(words(line), expected);
    // One sentence of each language, again and again: an article that uses all scripts at once.
    let split = |text: &'static str| text.split_inclusive(['.', '。', '।', '።']);
    let sentences: Vec<Vec<&str>> = STORIES.iter().map(|(_, text)| split(text).collect()).collect();
    let mixed: String = (0..2)
        .flat_map(|number| sentences.iter().filter_map(move |of| of.get(number).copied()))
        .collect();
    check(&[("mixed".to_owned(), mixed)]);
}
