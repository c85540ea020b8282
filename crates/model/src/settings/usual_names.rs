//! Names that Jira and its users commonly give to resolutions, statuses and types, in the larger
//! languages. They only stand in where a profile says nothing.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::names::fold;

/// Resolutions and statuses of work that nobody will deliver.
pub const NOT_DELIVERED: &[&str] = &[
    // English
    "Abandoned",
    "Aborted",
    "Cancelled",
    "Canceled",
    "Cannot Reproduce",
    "Can't Reproduce",
    "Closed as Duplicate",
    "Declined",
    "Deferred",
    "Discarded",
    "Dropped",
    "Duplicate",
    "Duplicated",
    "Duplicate Issue",
    "Incomplete",
    "Incomplete Description",
    "Invalid",
    "Invalidated",
    "Migrated to another ITS",
    "No Action Required",
    "No Longer Needed",
    "Not a Bug",
    "Not a Problem",
    "Not Needed",
    "Not Planned",
    "Not Reproducible",
    "Unable to Reproduce",
    "Obsolete",
    "Out of Date",
    "Out of Scope",
    "Rejected",
    "Superseded",
    "Withdrawn",
    "Won't Do",
    "Wont Do",
    "Will Not Do",
    "Won't Fix",
    "Wont Fix",
    "Will Not Fix",
    "Works as Designed",
    // German
    "Abgebrochen",
    "Abgelehnt",
    "Doppelt",
    "Duplikat",
    "Kann nicht reproduziert werden",
    "Nicht reproduzierbar",
    "Storniert",
    "Ungültig",
    "Unvollständig",
    "Verworfen",
    "Wird nicht behoben",
    "Wird nicht erledigt",
    "Wird nicht gelöst",
    "Zurückgezogen",
    // French
    "Abandonné",
    "Annulé",
    "Annulée",
    "Doublon",
    "Ne sera pas corrigé",
    "Ne sera pas fait",
    "Ne sera pas résolu",
    "Non reproductible",
    "Obsolète",
    "Rejeté",
    "Rejetée",
    // Spanish
    "Cancelado",
    "Cancelada",
    "Descartado",
    "Duplicado",
    "Incompleto",
    "Inválido",
    "No se corregirá",
    "No se hará",
    "No se puede reproducir",
    "No reproducible",
    "Obsoleto",
    "Rechazado",
    "Rechazada",
    // Portuguese
    "Duplicada",
    "Não será corrigido",
    "Não será feito",
    "Não reproduzível",
    "Recusado",
    "Rejeitado",
    // Italian
    "Annullato",
    "Duplicato",
    "Non riproducibile",
    "Non verrà corretto",
    "Non verrà eseguito",
    "Non sarà fatto",
    "Rifiutato",
    // Dutch
    "Afgewezen",
    "Dubbel",
    "Geannuleerd",
    "Vervallen",
    "Wordt niet gedaan",
    "Wordt niet opgelost",
    "Kan niet worden gereproduceerd",
    "Wordt niet uitgevoerd",
    // Catalan, Romanian
    "Cancel·lat",
    "Descartat",
    "Rebutjat",
    "Anulat",
    "Duplicat",
    "Respins",
    // Polish, Czech, Slovak
    "Anulowane",
    "Anulowano",
    "Nie będzie zrobione",
    "Nie zostanie naprawione",
    "Odrzucone",
    "Odrzucono",
    "Duplikat zgłoszenia",
    "Nebude opraveno",
    "Nebude provedeno",
    "Zrušeno",
    "Zamítnuto",
    "Duplicitní",
    "Duplicitné",
    "Zamietnuté",
    "Zrušené",
    // Slovenian, Croatian, Serbian, Bulgarian
    "Dvojnik",
    "Preklicano",
    "Zavrnjeno",
    "Odbijeno",
    "Otkazano",
    "Одбијено",
    "Отказано",
    "Отменена",
    "Отхвърлена",
    "Отхвърлено",
    // Hungarian, Finnish, Estonian
    "Elutasítva",
    "Törölve",
    "Visszavonva",
    "Ei korjata",
    "Ei toteuteta",
    "Hylätty",
    "Kaksoiskappale",
    "Peruttu",
    "Tühistatud",
    // Swedish, Danish, Norwegian
    "Avbruten",
    "Avvisad",
    "Dubblett",
    "Görs inte",
    "Åtgärdas inte",
    "Annulleret",
    "Afvist",
    "Løses ikke",
    "Avbrutt",
    "Avvist",
    "Kansellert",
    // Greek
    "Ακυρώθηκε",
    "Απορρίφθηκε",
    // Russian, Ukrainian
    "Дубль",
    "Отклонена",
    "Отклонён",
    "Отменён",
    "Дублікат",
    "Не буде виправлено",
    "Не буде зроблено",
    "Дубликат",
    "Не будет исправлено",
    "Не будет сделано",
    "Не воспроизводится",
    "Отклонено",
    "Отменено",
    "Скасовано",
    "Відхилено",
    // Turkish
    "İptal Edildi",
    "Reddedildi",
    "Düzeltilmeyecek",
    "Yapılmayacak",
    "Yinelenen",
    // Arabic, Hebrew
    "ملغى",
    "ملغاة",
    "مرفوض",
    "مكرر",
    "בוטל",
    "נדחה",
    "כפול",
    // Vietnamese, Thai, Indonesian
    "Đã hủy",
    "Từ chối",
    "Trùng lặp",
    "ยกเลิก",
    "ถูกปฏิเสธ",
    "Dibatalkan",
    "Ditolak",
    // Chinese, Japanese, Korean
    "不做",
    "不予处理",
    "不修复",
    "不会修复",
    "不会做",
    "已取消",
    "已拒绝",
    "取消",
    "拒绝",
    "已拒絕",
    "不處理",
    "不修復",
    "重複的問題",
    "无法重现",
    "重复",
    "重复的问题",
    "対応しない",
    "修正しない",
    "再現できません",
    "却下",
    "中止",
    "対応不要",
    "キャンセル",
    "重複",
    "중복",
    "취소",
    "취소됨",
    "반려",
    "거부됨",
    "수정 안 함",
    "하지 않음",
];

/// Resolutions and done statuses of work that was delivered.
const DELIVERED: &[&str] = &[
    // English
    "Accepted",
    "Closed",
    "Complete",
    "Completed",
    "Delivered",
    "Deployed",
    "Done",
    "Finished",
    "Fixed",
    "Implemented",
    "In Production",
    "Live",
    "Released",
    "Resolved",
    "Shipped",
    "Verified",
    // German
    "Abgeschlossen",
    "Behoben",
    "Erledigt",
    "Fertig",
    "Fertiggestellt",
    "Gelöst",
    "Geschlossen",
    "Umgesetzt",
    // French
    "Clos",
    "Corrigé",
    "Fait",
    "Fermé",
    "Fini",
    "Livré",
    "Résolu",
    "Résolue",
    "Terminé",
    "Terminée",
    // Spanish, Portuguese, Italian
    "Cerrado",
    "Cerrada",
    "Completado",
    "Corregido",
    "Finalizado",
    "Finalizada",
    "Hecho",
    "Listo",
    "Resuelto",
    "Resuelta",
    "Terminado",
    "Concluído",
    "Concluída",
    "Corrigido",
    "Fechado",
    "Feito",
    "Pronto",
    "Resolvido",
    "Chiuso",
    "Completato",
    "Corretto",
    "Fatto",
    "Risolto",
    // Dutch
    "Afgerond",
    "Gereed",
    "Gesloten",
    "Klaar",
    "Opgelost",
    // Polish, Czech, Swedish, Danish, Norwegian
    "Gotowe",
    "Rozwiązane",
    "Zamknięte",
    "Zrobione",
    "Hotovo",
    "Uzavřeno",
    "Vyřešeno",
    "Klar",
    "Löst",
    "Stängd",
    "Färdig",
    "Løst",
    "Lukket",
    "Udført",
    "Ferdig",
    // Russian, Ukrainian
    "Выполнено",
    "Готово",
    "Закрыт",
    "Закрыто",
    "Исправлено",
    "Решено",
    "Завершено",
    "Виконано",
    "Закрито",
    // Slovak, Slovenian, Croatian, Bulgarian, Romanian, Catalan
    "Hotové",
    "Vyriešené",
    "Končano",
    "Riješeno",
    "Završeno",
    "Готова",
    "Завършено",
    "Finalizat",
    "Rezolvat",
    "Fet",
    "Resolt",
    // Hungarian, Finnish, Estonian, Greek
    "Kész",
    "Lezárva",
    "Megoldva",
    "Ratkaistu",
    "Suljettu",
    "Valmis",
    "Lõpetatud",
    "Ολοκληρώθηκε",
    // Arabic, Hebrew, Vietnamese, Thai, Indonesian
    "تم",
    "مكتمل",
    "בוצע",
    "הושלם",
    "Hoàn thành",
    "Đã xong",
    "เสร็จสิ้น",
    "Selesai",
    // Turkish
    "Bitti",
    "Çözüldü",
    "Kapatıldı",
    "Tamamlandı",
    "Tamam",
    // Chinese, Japanese, Korean
    "完成",
    "已关闭",
    "已完成",
    "已解决",
    "已修复",
    "已關閉",
    "关闭",
    "解决",
    "クローズ",
    "完了",
    "解決済み",
    "修正済み",
    "완료",
    "완료됨",
    "종료",
    "해결됨",
    "닫힘",
];

/// Types that only hold other issues.
const EPICS: &[&str] = &[
    "Epic",
    "Epics",
    "Epik",
    "Épica",
    "Epica",
    "Épico",
    "Epico",
    "Épopée",
    "Epopée",
    "Epos",
    "Эпик",
    "Епік",
    "Destan",
    "エピック",
    "史诗",
    "长篇故事",
    "史詩",
    "에픽",
    "큰틀",
];

/// Whether work with that resolution, or in that status, is usually not delivered.
pub fn is_usually_not_delivered(name: &str) -> bool {
    static FOLDED: Folded = LazyLock::new(|| fold_all(NOT_DELIVERED));
    FOLDED.contains(&fold(name))
}

/// Whether work with that resolution, or in that status, is usually delivered.
pub fn is_usually_delivered(name: &str) -> bool {
    static FOLDED: Folded = LazyLock::new(|| fold_all(DELIVERED));
    FOLDED.contains(&fold(name))
}

/// Whether issues of that type usually only hold others.
pub fn is_usually_epic(name: &str) -> bool {
    static FOLDED: Folded = LazyLock::new(|| fold_all(EPICS));
    FOLDED.contains(&fold(name))
}

/// Names as they are compared. Documents without a category of their own ask for each issue.
type Folded = LazyLock<HashSet<String>>;

fn fold_all(names: &[&str]) -> HashSet<String> {
    names.iter().map(|name| fold(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_one_kind() {
        for name in NOT_DELIVERED {
            assert!(!is_usually_delivered(name), "{name}");
        }
        assert!(is_usually_not_delivered("won’t do") && is_usually_not_delivered("DUPLIKAT"));
        assert!(is_usually_delivered("erledigt ") && !is_usually_delivered("To Do"));
        assert!(is_usually_epic("epic") && !is_usually_epic("Story"));
        for names in [NOT_DELIVERED, DELIVERED, EPICS] {
            assert_eq!(fold_all(names).len(), names.len(), "one of them stands twice");
        }
    }

    #[test]
    fn cancelled_work_is_known_in_many_languages() {
        for name in [
            "peruttu",
            "Hylätty",
            "ELUTASÍTVA",
            "Anulat",
            "zamietnuté",
            "Otkazano",
            "Ακυρώθηκε",
            "Đã hủy",
            "ยกเลิก",
            "בוטל",
            "ملغى",
            "已拒絕",
            "対応不要",
            "반려",
            "Kansellert",
        ] {
            assert!(is_usually_not_delivered(name), "{name}");
        }
        for name in ["Valmis", "Kész", "Selesai", "הושלם", "Finalizat", "Готова"] {
            assert!(is_usually_delivered(name) && !is_usually_not_delivered(name), "{name}");
        }
    }
}
