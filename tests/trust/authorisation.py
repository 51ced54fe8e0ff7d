"""Who may ask for which page, written out by hand as the clinic would sign it off.

One line a route: the method, the rule, and the roles it opens to. D front desk, S sonographer,
P physician, A administrator; `all` is anyone who is signed in, `public` anyone at all, `tablet` the
patient who holds the clinic's tablet and nobody who is signed in. A route without its line, and a
line without its route, fail the build.
"""

from workflow.domain.staff import Role

LETTERS = {
    "D": Role.FRONT_DESK,
    "S": Role.SONOGRAPHER,
    "P": Role.PHYSICIAN,
    "A": Role.ADMINISTRATOR,
}

LINES = """
GET  /                                                    DSPA
GET  /audit                                               A
POST /audit/export                                        A
POST /audit/verify                                        A
GET  /board/columns                                       DSPA
POST /csp                                                 public
GET  /day                                                 DSP
GET  /documents/<id:document_id>                          DSP
GET  /documents/<id:document_id>.pdf                      DSP
GET  /documents/<id:document_id>/images/<id:number>       DSP
GET  /episodes/<id:episode_id>                            DSP
GET  /episodes/<id:episode_id>/care                       DSP
POST /episodes/<id:episode_id>/care                       DSP
GET  /episodes/<id:episode_id>/exams/new                  DSP
POST /episodes/<id:episode_id>/exams/new                  DSP
GET  /episodes/<id:episode_id>/intake                     DSP
POST /episodes/<id:episode_id>/intake                     DSP
POST /episodes/<id:episode_id>/intake/finish              DSP
POST /episodes/<id:episode_id>/intake/reopen              DSP
POST /episodes/<id:episode_id>/links                      DP
GET  /episodes/<id:episode_id>/papers                     DSP
GET  /episodes/<id:episode_id>/plan                       DSP
POST /episodes/<id:episode_id>/plans                      P
POST /episodes/<id:episode_id>/tablet                     DSP
GET  /episodes/<id:episode_id>/told                       DSP
POST /episodes/<id:episode_id>/told                       DSP
GET  /exams/<id:exam_id>                                  DSP
POST /exams/<id:exam_id>/<any(undo, redo):way>            S
POST /exams/<id:exam_id>/addendum                         P
POST /exams/<id:exam_id>/amend                            P
POST /exams/<id:exam_id>/amendment/drop                   P
POST /exams/<id:exam_id>/cells                            S
GET  /exams/<id:exam_id>/correct                          P
POST /exams/<id:exam_id>/correct                          P
GET  /exams/<id:exam_id>/critical                         SP
POST /exams/<id:exam_id>/critical                         SP
POST /exams/<id:exam_id>/critical/clear                   P
GET  /exams/<id:exam_id>/fill/<any(R, L):leg>             S
POST /exams/<id:exam_id>/fill/<any(R, L):leg>             S
GET  /exams/<id:exam_id>/finish                           S
POST /exams/<id:exam_id>/finish                           S
GET  /exams/<id:exam_id>/history/<site>                   SP
GET  /exams/<id:exam_id>/images                           SP
POST /exams/<id:exam_id>/images                           S
GET  /exams/<id:exam_id>/images/<id:image_id>             SP
POST /exams/<id:exam_id>/images/<id:image_id>             SP
GET  /exams/<id:exam_id>/live                             SP
GET  /exams/<id:exam_id>/move                             S
GET  /exams/<id:exam_id>/move/<id:episode_id>             S
POST /exams/<id:exam_id>/move/<id:episode_id>             S
GET  /exams/<id:exam_id>/preview-<any(scan, patient):kind>.pdf SP
GET  /exams/<id:exam_id>/read                             SP
POST /exams/<id:exam_id>/read/return                      P
POST /exams/<id:exam_id>/read/save                        P
POST /exams/<id:exam_id>/read/start                       P
GET  /exams/<id:exam_id>/rows/<key>                       SP
GET  /exams/<id:exam_id>/scan                             SP
POST /exams/<id:exam_id>/scan                             S
GET  /exams/<id:exam_id>/schedule                         DSP
POST /exams/<id:exam_id>/schedule                         DSP
POST /exams/<id:exam_id>/sign                             P
POST /exams/<id:exam_id>/sites                            S
GET  /exams/<id:exam_id>/steps/<word>                     DSP
POST /exams/<id:exam_id>/steps/<word>                     DSP
GET  /exams/<id:exam_id>/swap                             S
POST /exams/<id:exam_id>/swap                             S
POST /exams/<id:exam_id>/spelling                         P
POST /exams/<id:exam_id>/void                             P
GET  /exams/<id:exam_id>/worksheet.pdf                    DSP
GET  /links/<id:link_id>                                  DP
POST /links/<id:link_id>/end                              DP
GET  /logo                                                public
GET  /me/factor                                           all
POST /me/factor                                           all
GET  /me/factor/codes                                     all
POST /me/factor/codes                                     all
GET  /me/factor/prove                                     all
POST /me/factor/prove                                     all
GET  /me/factor/remove                                    all
POST /me/factor/remove                                    all
POST /me/here                                             all
GET  /me/password                                         all
POST /me/password                                         all
GET  /me/sign-ins                                         all
POST /me/sign-ins/<id:sign_in_id>/end                     all
POST /me/unlock                                           public
GET  /merges                                              DSPA
GET  /merges/<id:merge_id>                                DSPA
POST /merges/<id:merge_id>/<word>                         DSPA
GET  /password/<token>                                    public
POST /password/<token>                                    public
GET  /patients                                            DSP
GET  /patients/<id:patient_id>                            DSP
GET  /patients/<id:patient_id>/chart                      SP
GET  /patients/<id:patient_id>/edit                       DSP
POST /patients/<id:patient_id>/edit                       DSP
POST /patients/<id:patient_id>/episodes                   DSP
GET  /patients/<id:patient_id>/export                     P
POST /patients/<id:patient_id>/export                     P
GET  /patients/<id:patient_id>/merge                      DSP
GET  /patients/<id:patient_id>/merge/<id:other_id>        DSP
POST /patients/<id:patient_id>/merge/<id:other_id>        DSP
GET  /patients/duplicates                                 DSP
GET  /patients/new                                        DSP
POST /patients/new                                        DSP
GET  /patients/suggestions                                DSP
GET  /plans/<id:plan_id>                                  DSP
POST /plans/<id:plan_id>/approve                          P
GET  /plans/<id:plan_id>/beside/<id:other_id>             DSP
GET  /plans/<id:plan_id>/preview-<any(patient, plan, letter):kind>.pdf DSP
POST /plans/<id:plan_id>/decline                          P
POST /plans/<id:plan_id>/return                           P
POST /plans/<id:plan_id>/save                             P
POST /plans/<id:plan_id>/spelling                         P
GET  /result                                              public
GET  /result/<id:document_id>.pdf                         public
GET  /result/<token>                                      public
POST /result/<token>                                      public
POST /result/close                                        public
GET  /settings                                            A
POST /settings                                            A
GET  /settings/criteria                                   PA
POST /settings/criteria                                   PA
GET  /settings/criteria/<id:version>                     PA
GET  /settings/referrers                                  A
GET  /settings/referrers/<id:referrer_id>                 A
POST /settings/referrers/<id:referrer_id>                 A
GET  /settings/referrers/new                              A
POST /settings/referrers/new                              A
GET  /setup                                               public
POST /setup                                               public
GET  /sign-in                                             public
POST /sign-in                                             public
GET  /sign-in/code                                        public
POST /sign-in/code                                        public
GET  /sign-in/enrol                                       public
POST /sign-in/enrol                                       public
POST /sign-out                                            public
GET  /staff                                               A
GET  /staff/<id:staff_id>                                 A
POST /staff/<id:staff_id>                                 A
GET  /staff/<id:staff_id>/factor/reset                    A
POST /staff/<id:staff_id>/factor/reset                    A
GET  /staff/<id:staff_id>/password-link                   A
POST /staff/<id:staff_id>/password-link                   A
GET  /staff/<id:staff_id>/reinstate                       A
POST /staff/<id:staff_id>/reinstate                       A
POST /staff/<id:staff_id>/sign-ins/<id:sign_in_id>/end    A
GET  /staff/<id:staff_id>/suspend                         A
POST /staff/<id:staff_id>/suspend                         A
GET  /staff/new                                           A
POST /staff/new                                           A
POST /steps/<id:step_id>/undo                             DSPA
GET  /tablet                                              tablet
GET  /tablet/<name>                                       tablet
POST /tablet/<name>                                       tablet
GET  /tablet/answers                                      tablet
GET  /tablet/back                                         tablet
POST /tablet/back                                         tablet
GET  /tablet/done                                         tablet
POST /tablet/language                                     tablet
GET  /tablet/now                                          tablet
GET  /verify                                              public
GET  /verify/<number>                                     public
GET  /worksheet.pdf                                       DSP
"""


def table() -> dict[tuple[str, str], frozenset[Role] | None]:
    """Return the roles by method and rule; None where the page is public."""
    lines = (line.split(maxsplit=1) for line in LINES.strip().splitlines())
    cut = ((method, *rest.rsplit(maxsplit=1)) for method, rest in lines)
    return {(method, rule): _roles(who) for method, rule, who in cut}


def _roles(who: str) -> frozenset[Role] | None:
    if who == "public":
        return None
    if who == "tablet":
        return frozenset()
    return frozenset(Role) if who == "all" else frozenset(LETTERS[letter] for letter in who)
