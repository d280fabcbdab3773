package coco.systemtests.architecture;

import coco.kv.Reader;
import coco.ledgers.api.View;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/**
 * Handlers get state from {@link View#state} and nowhere else: nobody hands them a {@link Reader}, they keep none, and
 * no other call gives them one. So what a caller may not see cannot reach a handler.
 */
final class ViewRule {
    private ViewRule() {}

    static ArchCondition<JavaClass> readOnlyThroughTheView() {
        return new ArchCondition<>("read only through the caller's view") {
            @Override
            public void check(JavaClass inspected, ConditionEvents events) {
                for (JavaField field : inspected.getFields()) {
                    violatedIf(field.getRawType().isAssignableTo(Reader.class), field.getFullName(), inspected, events);
                }
                for (JavaCodeUnit unit : inspected.getCodeUnits()) {
                    boolean handed = unit.getRawParameterTypes().stream().anyMatch(t -> t.isAssignableTo(Reader.class));
                    violatedIf(handed, unit.getFullName(), inspected, events);
                }
                for (JavaMethodCall call : inspected.getMethodCallsFromSelf()) {
                    boolean state = call.getTarget().getRawReturnType().isAssignableTo(Reader.class);
                    boolean view = call.getTargetOwner().isAssignableTo(View.class);
                    violatedIf(state && !view, call.getDescription(), inspected, events);
                }
            }
        };
    }

    private static void violatedIf(boolean broken, String where, JavaClass inspected, ConditionEvents events) {
        if (broken) {
            events.add(SimpleConditionEvent.violated(inspected, where + " reads past the view"));
        }
    }
}
