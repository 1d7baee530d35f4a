package dev.carillon.protocol.box;

/**
 * Why a box is not up. Its name is the stable code in the API; what each means and what helps is in {@code openapi/carillon.yaml}, and
 * in the words of the live page.
 */
public enum BoxTrouble {
    /** Nothing answers at its address, or nothing that makes sense. */
    BOX_UNREACHABLE,
    /** It answers, and lacks what it may still get while it starts. */
    BOX_STARTING,
    /** It lacks what it needs, or its settings make no sense: somebody has to change them. */
    BOX_MISCONFIGURED,
    BOX_REFUSED_PASSWORD,
    /** Another controller has taken it over. */
    BOX_REPLACED,
    /** It was up, or nearly, and the connection ended. */
    BOX_LOST,
    /** Its settings have just been changed, and it is connected to anew. */
    BOX_SETTINGS_CHANGED,
    /** It is no longer in the configuration. */
    BOX_DELETED,
    /** It is not in the configuration as this node has read it. */
    BOX_UNKNOWN
}
