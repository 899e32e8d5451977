pragma circom 2.2.0;

/// @title wordsFor: how many words hold `count` items, `perWord` to a word.
function wordsFor(count, perWord) {
    return (count + perWord - 1) \ perWord;
}

/// @title Pack: items into words, item i at bit `width * (i mod perWord)`.
/// @param count Items. @param width Bits of an item. @param perWord Items in a word, at most 253 bits in all. Cost 0.
/// @input item The caller range-checks each to `width` bits; else items overlap.
/// @output word The last word is filled with zeros.
template Pack(count, width, perWord) {
    assert(count >= 1 && width * perWord <= 253);
    signal input item[count];
    signal output word[wordsFor(count, perWord)];

    for (var w = 0; w < wordsFor(count, perWord); w++) {
        var sum = 0;
        for (var i = w * perWord; i < count && i < (w + 1) * perWord; i++) {
            sum += item[i] * (1 << (width * (i - w * perWord)));
        }
        word[w] <== sum;
    }
}
