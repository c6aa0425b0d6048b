package org.cosmosj.policy;

/** What is asked of a policy; it decides which frames are given. Source: spec 05 sections 3 and 8 to 10. */
public enum QueryKind {
    /** Given the present: action, future and value. */
    ACTION,
    /** Given the present and the action: future and value. */
    FUTURE,
    /** Given present, action and future: the value V(s, a, s'). */
    VALUE,
    /** Given the future only: the value V(s'); for models trained with masked inputs. */
    FUTURE_VALUE,
    /** Given the present and the action only: the value Q(s, a); for models trained with masked inputs. */
    Q_VALUE
}
