/** The assignment byte of a sealed-mode receipt: the accepted batch will tell the outcome. */
export const SEALED_ASSIGNMENT = 255
