package dev.sallyport.gateway.limit;

import dev.sallyport.gateway.call.AnswerControl;
import dev.sallyport.gateway.call.AnswerHandling;
import dev.sallyport.gateway.call.Call;
import dev.sallyport.gateway.call.ResponseHead;

/** The answer control that reads from an answer what was used, as the model gave it. Settling itself happens when the call ends. */
final class Settle implements AnswerControl {
    @Override
    public String name() {
        return "settle";
    }

    @Override
    public AnswerHandling open(Call call, ResponseHead head) {
        if (call.reservation() instanceof Holding held) {
            held.answered(head.status());
        }
        return AnswerHandling.PASS;
    }
}
