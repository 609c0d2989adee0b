"""What texts in the old encodings are made of: letters beside ASCII by frequency, a language each. Pure data.

Ranks are enough: `encoding_guess` turns them into shares. How well they do is measured by the paragraphs in
tests/formats/test_encoding.py.
"""

from __future__ import annotations

LATIN: dict[str, tuple[str, ...]] = {
    "cp1252": (
        "éèàêçôùâîûœëïæüÿ",  # French
        "üäößé",  # German
        "óíáñéúü¿¡ºª",  # Spanish
        "ãçáéóíêõâàúôüºª",  # Portuguese
        "èàùòìéî",  # Italian
        "äöåéü",  # Swedish, Finnish
        "øåæéöä",  # Danish, Norwegian
        "áíðóþéöúæý",  # Icelandic
        "éëïóüèö",  # Dutch
        "àèéíòóúçïü·",  # Catalan
    ),
    "cp1250": (
        "łąężśóćńźé",  # Polish
        "áíéřěčžýůšúďťňó",  # Czech
        "áíéčžýšľúťňôďóäŕĺ",  # Slovak
        "áéöőíóüűú",  # Hungarian
        "čšžćđ",  # Croatian, Slovene
        "ăşţîâ",  # Romanian
        "üäöß",
    ),
    "cp1254": ("ıüşğçöİâîû",),
    "cp1257": ("äõüöšž", "āīēšūņžļķčģ", "ėšįžųūčęą"),
    "iso8859_15": ("éèàêçôùâîûœëïæüÿ", "üäößé", "óíáñéúü¿¡ºª", "äöåéü", "øåæéöä"),
}
"""Of Latin scripts only what is not ASCII: the rest looks the same in every encoding."""
LATIN["iso8859_2"] = LATIN["cp1250"]
LATIN["iso8859_9"] = LATIN["cp1254"]

_RUSSIAN = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
_UKRAINIAN = "оанівиетрсклудмпяьзгбчйхїжцюшєщфґ"
_BULGARIAN = "аиоетнрсвлкдпмзъугбчяжщйцшхфюь"
_SERBIAN = "аиоенсрјтукдвмпзлгбчшцжћхњљђфџ"
_BELARUSIAN = "анірыяеоултскдмзпвгчцьйбўшхжюэфё"
_GREEK = "αοιετνσρηυπκμςλίόάγέήδωύθώχφβξζψϊΰΐ"
_HEBREW = "יוהלאמרתבשנכםעדקפטחצןגסזךףץ"
_ARABIC = "الينمتروبعدهسفكقأحجشصطةىخإءذضزؤئغثظآ"
OTHER: dict[str, tuple[str, ...]] = {
    "cp1251": (_RUSSIAN, _UKRAINIAN, _BULGARIAN, _SERBIAN, _BELARUSIAN),
    "koi8_r": (_RUSSIAN,),
    "koi8_u": (_UKRAINIAN,),
    "cp866": (_RUSSIAN,),
    "iso8859_5": (_RUSSIAN, _UKRAINIAN, _SERBIAN),
    "cp1253": (_GREEK,),
    "iso8859_7": (_GREEK,),
    "cp1255": (_HEBREW,),
    "cp1256": (_ARABIC, _ARABIC + "گچپژک"),
    "iso8859_6": (_ARABIC,),
}
"""Of other alphabets the whole one."""

EAST: dict[str, str] = {
    "gb18030": (
        "的一是不了在人有我他这中大来上国和个到说们为子地出道也时年得就那要下以生会自着去之过家学对可里后小么心多"
        "天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将"
        "外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重"
        "被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先你昨总京见议经济合作贸易协讨论界"
    ),
    "big5": (
        "的一是不了在人有我他這中大來上國和個到說們為子地出道也時年得就那要下以生會自著去之過家學對可里後小麼心多"
        "天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長知民樣現分將"
        "外但身些與高意進把法此實回二理美點月明其種聲全工己話兒者向情部正名定女問力機給等幾很業最間新什打便位因重"
        "被走電四第門相次東政海口使教西再平真聽世氣信北少關並內加化由卻代軍產入先你昨總臺灣議經濟合作貿易協討論界"
    ),
    "cp949": (
        "이다는의에가을하고은한지를로도사서기대인어자있시해나리정아일들그부수라과만상보원전제주장스였했것신등구여"
        "년연으와국공동선성조관경치세오방화모요비안민유때문김우발무바내면당미중생말월실소할된적위개업통회까거더데"
        "두려마명반번분불새심않없었울음저진차출표행현"
    ),
    "cp932": (
        "日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川"
        "千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨会社新者政事業経合発議的定自民相同部地場内回立開"
        "対手力明全実務社党首計画税済説"
    ),
}
EAST["euc_jp"] = EAST["cp932"]
"""What is most frequent where a letter is two bytes."""

MARKS = frozenset("“”‘’„‚«»‹›–—…•·°§€£©®™№\xa0¡¿´×½¼¾‐־،؛؟")
EAST_MARKS = frozenset("、。，．・：；？！「」『』（）《》〈〉【】“”‘’…—～　ー〜々〇％")
